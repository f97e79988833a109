CREATE TABLE public.lines (id bigint, whole text, dots text, blank text, not_d text, "set" text);
INSERT INTO public.lines VALUES
  (1, 'abc', 'abc', 'a c', 'abc', 'ac'),
  (2, 'abc' || chr(10), 'a' || chr(10) || 'c', 'a' || chr(10) || 'c', chr(10), chr(10)),
  (3, chr(10) || 'abc', 'a' || chr(13) || 'c', 'a' || chr(9) || 'c', '1', 'abc'),
  (4, 'x' || chr(10) || 'abc', 'a🙂c', 'ac', 'a1', ''),
  (5, 'abc ', 'abbc', 'a' || chr(160) || 'c', '', 'B');
