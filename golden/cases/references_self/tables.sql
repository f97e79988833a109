CREATE TABLE public.staff (id int, manager_id int, active boolean);
INSERT INTO public.staff VALUES
  (1, NULL, true),
  (2, 1, true),
  (3, 5, true),
  (4, 9, true),
  (5, 1, false),
  (6, 8, false),
  (7, 8, NULL),
  (2, 1, false);
