CREATE TABLE public.deliveries (id bigint, status text, minutes int);
INSERT INTO public.deliveries VALUES
  (1, 'late', 45), (2, 'on time', 0), (3, 'on time', 5), (4, 'on time', -1), (5, NULL, 20), (6, 'on time', NULL),
  (7, 'late', 60);
