CREATE TABLE public.readings (value int, day int, code text);
INSERT INTO public.readings VALUES
  (5, 1, 'ab'), (55, 1, 'a'), (70, 2, 'b'), (NULL, 2, 'abcb'), (101, 3, NULL), (8, 2, 'aXb'), (50, 0, ''), (12, NULL, 'ab');
