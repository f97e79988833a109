CREATE TABLE public.joined (id int, amount decimal(8, 2), name text, day date, status text);
INSERT INTO public.joined VALUES (1, NULL, NULL, NULL, NULL), (2, NULL, NULL, NULL, NULL), (3, NULL, NULL, NULL, NULL);
