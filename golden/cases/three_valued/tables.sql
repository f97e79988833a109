CREATE TABLE public.flags (id int, hidden boolean, a boolean, b boolean);
INSERT INTO public.flags VALUES
  (1, false, true, true), (2, false, true, false), (3, false, false, true), (4, false, NULL, false), (5, false, NULL, NULL),
  (6, false, NULL, true), (7, false, false, NULL), (8, NULL, false, false), (9, true, false, false);
