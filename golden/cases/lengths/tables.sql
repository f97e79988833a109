CREATE TABLE public.labels (id bigint, short text, exact varchar(10), range text, "some" text, other text);
INSERT INTO public.labels VALUES
  (1, 'abc', 'abc', 'a', 'a', 'abc'),
  (2, 'éàü', 'éàü', '🙂', '', 'éàüö'),
  (3, '🙂🙂🙂🙂', 'ab', '👩‍💻', ' ', '🙂🙂🙂🙂'),
  (4, 'abc ', 'ab ', '', NULL, 'abc '),
  (5, NULL, NULL, NULL, 'x', NULL),
  (6, '', 'abcd', 'é', 'y', '');
