CREATE TABLE public.payroll (id int, name text, salary decimal(10, 2), team text, hired date);
INSERT INTO public.payroll VALUES
  (1, 'ann', 3000.00, 'sales', DATE '2020-01-01'), (2, 'bob', 12000.00, 'board', DATE '2019-05-01'),
  (3, 'cas', 900.00, 'sales', DATE '2024-01-01'), (4, 'dan', NULL, 'sales', NULL);
