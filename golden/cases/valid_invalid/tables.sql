CREATE TABLE public.accounts (id bigint, code text, age int);
INSERT INTO public.accounts VALUES
  (1, 'ABC', 20), (2, 'abc', 13), (3, 'ab', -1), (4, 'XXX', 151), (5, 'ABCD', NULL), (6, '', 0), (7, 'n/a', 150),
  (8, NULL, 1), (9, 'ZZZ', 14);
