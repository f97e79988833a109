CREATE TABLE public.users (id bigint, email text, status text);
INSERT INTO public.users VALUES (1, 'ada@example.com', 'on'), (2, NULL, 'on'), (3, 'x', 'gone');
