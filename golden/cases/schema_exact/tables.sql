CREATE TABLE public.items (id bigint, name text, salary int, note text);
INSERT INTO public.items VALUES (1, 'lamp', 5, NULL), (2, NULL, 6, NULL);
