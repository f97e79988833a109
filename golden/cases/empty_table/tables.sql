CREATE TABLE public.nothing (id bigint, amount decimal(8, 2), day date, parent bigint);
