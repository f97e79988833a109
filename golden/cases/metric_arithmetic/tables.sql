CREATE TABLE public.stock (incoming int, outgoing int, value decimal(10, 2), nothing int);
INSERT INTO public.stock VALUES (10, 5, 3.33, NULL), (9, 9, 3.33, NULL), (1, 1, 3.34, NULL);
