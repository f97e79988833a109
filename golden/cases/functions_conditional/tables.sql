CREATE TABLE public.choices (id int, a int, b int, t text);
INSERT INTO public.choices VALUES (1, 1, 1, 'a'), (2, NULL, 2, 'c'), (3, 3, NULL, NULL), (4, 0, NULL, '');
