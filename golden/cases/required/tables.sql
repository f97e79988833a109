CREATE TABLE public.people (id bigint, name text, nickname text, age int, city text);
INSERT INTO public.people VALUES
  (1, 'Ada', 'ad', 36, 'Ghent'),
  (2, '', NULL, 0, 'Lille'),
  (3, NULL, '', NULL, NULL),
  (4, 'Dirk', 'dd', NULL, NULL);
