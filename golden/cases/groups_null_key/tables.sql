CREATE TABLE public.logins (id int, country text, device text, seconds int);
INSERT INTO public.logins VALUES
  (1, 'BE', 'phone', 3), (2, 'BE', NULL, 3), (3, NULL, 'phone', 30), (4, NULL, NULL, 3), (5, '', 'phone', 3),
  (6, NULL, NULL, NULL), (7, '', 'tablet', 4);
