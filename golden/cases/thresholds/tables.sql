CREATE TABLE public.survey (id int, q1 text, q2 text, q3 text, q4 int);
INSERT INTO public.survey VALUES
  (1, 'a', 'a', 'a', 9), (2, 'a', 'a', NULL, 9), (3, 'a', 'a', NULL, 9), (4, 'a', 'a', 'a', 9), (5, 'a', 'a', 'a', 9),
  (6, 'a', 'a', 'a', 1), (7, 'a', 'a', 'a', 1), (8, 'a', 'a', 'a', 1), (9, 'a', NULL, 'a', NULL), (10, 'a', 'a', NULL, NULL);
