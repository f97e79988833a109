CREATE TABLE public.notes (id bigint, author text, note text);
INSERT INTO public.notes VALUES
  (1, 'desk', 'called back'),
  (2, ' ', 'none'),
  (3, '', NULL),
  (4, NULL, '   '),
  (5, ' a ', 'ok'),
  (6, 'desk', 'None of it'),
  (7, 'desk', 'unknown');
