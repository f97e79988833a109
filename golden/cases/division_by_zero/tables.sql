CREATE TABLE public.rates (id int, clicks int, views int);
INSERT INTO public.rates VALUES (1, 3, 10), (2, 4, 3), (3, 0, 0), (4, 2, NULL);
