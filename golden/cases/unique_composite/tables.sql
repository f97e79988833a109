CREATE TABLE public.parts (book text, code text, print int);
INSERT INTO public.parts VALUES
  ('x||y', 'z', 1),
  ('x', 'y||z', 1),
  ('x,y', 'z', 1),
  ('x', 'y,z', 1),
  ('a', 'b', 1),
  ('a', 'b', 2),
  ('c', NULL, 1),
  ('c', NULL, 1),
  (NULL, 'd', 1),
  (NULL, 'd', 1),
  ('', 'e', 1),
  ('', 'e', NULL);
