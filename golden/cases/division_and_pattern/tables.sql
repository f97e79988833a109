CREATE TABLE public.quotas (code text, used int, total int);
INSERT INTO public.quotas VALUES ('a/1', 1, 2), ('a/2', 3, 4), ('b/3', 5, 5), ('b', 6, 5), ('C/1', 0, 1);
