CREATE TABLE public.versions (number text, built date, size int);
INSERT INTO public.versions VALUES ('1.0', DATE '2023-01-01', 10), ('1.1', DATE '2023-06-01', 12), ('2.0', DATE '2024-01-01', 120);
