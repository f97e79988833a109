CREATE TABLE public.deliveries (id int, shop text, ordered timestamptz, came timestamptz, local timestamp);
INSERT INTO public.deliveries VALUES
  (1, 'north', '2024-05-01 10:00:00+00', '2024-05-01 20:00:00+00', TIMESTAMP '2024-05-01 10:00:00'),
  (2, 'north', '2024-05-02 10:00:00+02', '2024-05-05 08:00:00.5+00', TIMESTAMP '2024-05-01 11:00:00'),
  (3, 'south', '2024-05-03 10:00:00+00', '2024-05-03 10:00:30+00', NULL),
  (4, 'south', '2024-05-03 10:00:00+00', NULL, NULL),
  (5, NULL, '2024-05-04 10:00:00+00', '2024-05-04 09:00:00+00', NULL);
