CREATE TABLE public.badges (id bigint, serial text, colour text, spare text);
INSERT INTO public.badges VALUES
  (1, 'A1', 'red', NULL),
  (2, 'A2', 'red', NULL),
  (3, 'A2', 'blue', NULL),
  (4, 'A2', NULL, 'x'),
  (5, 'a1', 'red', 'x'),
  (6, 'A1 ', NULL, 'y'),
  (7, NULL, NULL, NULL);
