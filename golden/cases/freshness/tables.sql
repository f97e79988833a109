CREATE TABLE public.feeds (
  seen timestamptz, written timestamp, day date, never timestamptz, next_at timestamptz, kind text);
INSERT INTO public.feeds VALUES
  ('2024-06-01 13:00:00+02', TIMESTAMP '2024-06-01 10:30:00', DATE '2024-05-31', NULL, '2024-06-01 12:00:01+00', 'fast'),
  ('2024-05-30 00:00:00+00', TIMESTAMP '2024-05-30 00:00:00', DATE '2024-06-01', NULL, NULL, 'slow'),
  (NULL, NULL, NULL, NULL, NULL, 'slow');
