CREATE TABLE public.numbers (id int, i int, s smallint, d decimal(8, 3), f double precision);
INSERT INTO public.numbers VALUES (1, 7, -1, 2.500, 2.5), (2, 0, 0, 0.000, 1.0), (3, 0, 0, -1.005, -0.0), (4, NULL, 1, NULL, -4.0);
