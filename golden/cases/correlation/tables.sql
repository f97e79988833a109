CREATE TABLE public.pairs (kind text, a int, b double precision, c decimal(6, 2), flat int, rare int);
INSERT INTO public.pairs VALUES
  ('x', 1, 2, 40.00, 7, NULL), ('x', 2, 4, 30.00, 7, 3), ('y', 3, 6, 20.00, 7, NULL), ('y', 4, 8, 10.00, 7, NULL),
  ('y', NULL, 100, 99.00, 7, 1), ('x', 5, NULL, 0.00, NULL, NULL);
