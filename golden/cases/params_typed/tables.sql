CREATE TABLE public.runs (
  id int, day date, started_at timestamptz, clock time, local timestamp, seconds double precision, loaded bigint,
  mode_name text);
INSERT INTO public.runs VALUES
  (1, DATE '2024-05-31', '2024-05-01 23:30:01+00', TIME '11:59:59.999', TIMESTAMP '2024-05-31 06:00:00', 9.5, 1000, 'full'),
  (2, DATE '2024-06-01', '2024-05-01 23:30:00+00', TIME '12:00:00', TIMESTAMP '2024-05-31 05:59:59', 49.9, 1001, 'part'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
