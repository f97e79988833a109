CREATE TABLE public.samples (x int, y double precision, z decimal(6, 2), one int, none int, stuck double precision);
INSERT INTO public.samples VALUES
  (1, 0.5, 1.10, 4, NULL, 0.7), (2, 0.5, 1.10, NULL, NULL, 0.7), (3, 0.75, 1.10, NULL, NULL, 0.7), (4, 0.5, NULL, NULL, NULL, 0.7),
  (5, NULL, 1.10, NULL, NULL, 0.7);
