CREATE TABLE public.words ("rows" int, "column" text, "filter" text, "version" int, "match" text, "missing" int);
INSERT INTO public.words VALUES (2, 'a', 'filter', 1, 'x', 1), (2, NULL, 'Filter', 5, NULL, NULL), (NULL, 'b', NULL, NULL, 'x', 2);
