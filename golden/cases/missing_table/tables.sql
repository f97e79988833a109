CREATE TABLE public.other (id bigint);
