CREATE TABLE public.reviews (
  stars int, comment text, price decimal(8, 2), pieces int, day date, sent timestamptz, read timestamptz);
INSERT INTO public.reviews VALUES
  (5, 'very good', 10.00, 2, DATE '2023-12-31', '2024-01-01 10:00:00+00', '2024-01-01 11:00:00+00'),
  (4, 'good', 7.50, 3, DATE '2024-01-01', '2024-01-01 10:00:00+00', '2024-01-01 12:00:00+01'),
  (0, '', -1.00, 1, DATE '2024-06-01', '2024-01-01 10:00:00+00', '2024-01-01 11:00:00.000001+00'),
  (NULL, NULL, NULL, 4, NULL, '2024-01-01 10:00:00+00', NULL);
