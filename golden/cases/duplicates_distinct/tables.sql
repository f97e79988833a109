CREATE TABLE public.readers (id bigint, name text, born date, town text);
INSERT INTO public.readers VALUES
  (1, 'ann', DATE '1990-01-01', 'Ghent'),
  (2, 'ann', DATE '1990-01-01', 'ghent'),
  (3, 'ann', NULL, 'GHENT'),
  (4, 'bob', DATE '1990-01-01', 'Lille'),
  (5, 'bob', DATE '1991-01-01', 'lille'),
  (6, 'cas', DATE '1992-01-01', NULL),
  (7, '?', DATE '1990-01-01', 'Lille'),
  (8, '?', DATE '1990-01-01', 'Namur'),
  (9, NULL, NULL, NULL);
