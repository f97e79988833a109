CREATE TABLE public.catalogue (id bigint, title text);
INSERT INTO public.catalogue VALUES (1, 'lamp'), (2, '-');
