CREATE TABLE public.takings (shop text, day date, amount decimal(8, 2), till int);
INSERT INTO public.takings VALUES
  ('north', DATE '2024-01-01', 80.00, 1), ('north', DATE '2024-01-02', 90.00, 1), ('north', DATE '2024-01-03', 95.00, 2),
  ('south', DATE '2024-01-01', 60.00, 1), ('south', DATE '2024-01-02', -1.00, 2), ('south', DATE '2024-01-03', 20.00, 1),
  ('east', DATE '2024-01-01', NULL, 1), ('east', DATE '2024-01-02', NULL, 2), ('east', DATE '2024-01-03', NULL, 1);
