CREATE TABLE public.archive (id bigint, payload json, reason interval);
INSERT INTO public.archive VALUES (1, '{}', '1 day'), (2, NULL, NULL);
