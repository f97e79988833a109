CREATE TABLE public.products (id bigint, a bigint, b int);
INSERT INTO public.products VALUES (1, 10, 2), (2, 9223372036854775807, 2147483647);
