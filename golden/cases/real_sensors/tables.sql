CREATE TABLE public.sensors (
  sensor text, read_at timestamp, temperature double precision, humidity double precision, voltage real);
INSERT INTO public.sensors VALUES
  ('s1', TIMESTAMP '2024-05-01 00:00:00', 20.5, 40, 3.5), ('s1', TIMESTAMP '2024-05-01 00:01:00', 21, 39.5, 3.25),
  ('s1', TIMESTAMP '2024-05-01 00:02:00', -9999, NULL, 3), ('s1', TIMESTAMP '2024-05-01 00:02:00', 22.5, 35, 2.5),
  ('s2', TIMESTAMP '2024-05-01 00:00:00', 35, 20, 3.75), ('s2', TIMESTAMP '2024-05-01 00:01:00', 61, 0.5, NULL),
  ('s2', TIMESTAMP '2024-05-01 00:02:00', NULL, 50, 3.5), ('s3', TIMESTAMP '2024-05-01 00:00:00', 15, 55, 0);
