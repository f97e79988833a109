CREATE TABLE public.export (id bigint, name text, day date);
INSERT INTO public.export VALUES (1, 'a', DATE '2024-01-01');
