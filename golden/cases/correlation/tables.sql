CREATE TABLE public.pairs (kind text, a int, b double precision, c decimal(6, 2), flat int, rare int, stuck double precision);
INSERT INTO public.pairs VALUES
  ('x', 1, 2, 40.00, 7, NULL, 0.7), ('x', 2, 4, 30.00, 7, 3, 0.7), ('y', 3, 6, 20.00, 7, NULL, 0.7), ('y', 4, 8, 10.00, 7, NULL, 0.7),
  ('y', NULL, 100, 99.00, 7, 1, 0.7), ('x', 5, NULL, 0.00, NULL, NULL, 0.7);
