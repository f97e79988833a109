CREATE TABLE public.names (
  id bigint, prefix text, suffix text, piece text, whole text, letters text, hex text, anything text);
INSERT INTO public.names VALUES
  (1, 'ab%c', 'a_x', '5%', 'a_b', 'abc', '00ff', ''),
  (2, 'abxc', 'abx', '50', 'axb', 'aBc', '00fg', 'abc'),
  (3, 'xab%', '_x ', 'up 5% off', 'a_bc', '', 'ff', 'a b'),
  (4, 'AB%', '_x', '5 %', 'xa_b', 'é', '00ff0', 'A'),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, 'ab%', '', '', '', 'z', 'FFFF', 'z');
