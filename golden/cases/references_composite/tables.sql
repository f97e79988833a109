CREATE TABLE public.heads (shop text, number bigint);
INSERT INTO public.heads VALUES ('north', 1), ('south', 2), ('south', 2), (NULL, 9), ('east', NULL);
CREATE TABLE public.lines (shop text, number bigint, line int);
INSERT INTO public.lines VALUES
  ('north', 1, 1),
  ('north', 2, 2),
  ('south', 2, 3),
  ('south', 1, 4),
  (NULL, 9, 5),
  ('east', NULL, 6),
  (NULL, NULL, 7),
  ('North', 1, 8);
