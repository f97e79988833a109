CREATE TABLE public.terms (id int, term text, pair text);
INSERT INTO public.terms VALUES
  (1, 'Zebra', 'apple'), (2, 'apple', 'Zebra'), (3, 'ZEBRA', 'Zebra'), (4, '', ' '), (5, 'Apple', 'apple'),
  (6, 'ﬁ', '🙂'), (7, '🙂', NULL), (8, 'a b', 'ab');
