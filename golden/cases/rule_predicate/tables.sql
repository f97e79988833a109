CREATE TABLE public.loans (id bigint, amount decimal(10, 2), paid decimal(10, 2), start_on date, end_on date, closed boolean);
INSERT INTO public.loans VALUES
  (1, 100.00, 100.00, DATE '2024-01-01', DATE '2024-06-01', true),
  (2, 100.00, 100.01, DATE '2024-01-01', DATE '2024-01-01', true),
  (3, 100.00, NULL, DATE '2024-01-01', NULL, true),
  (4, 0.00, 0.00, NULL, DATE '2024-01-01', true),
  (5, NULL, 50.00, NULL, NULL, false),
  (6, 100.00, 20.00, DATE '2024-02-01', DATE '2024-01-01', NULL),
  (7, 100.00, 20.00, DATE '2024-01-01', DATE '2024-02-01', true);
