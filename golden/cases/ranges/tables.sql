CREATE TABLE public.readings (
  id bigint, level smallint, amount decimal(10, 2), ratio double precision, day date, "at" timestamp,
  seen timestamptz, clock time, initial text);
INSERT INTO public.readings VALUES
  (1, -10, 0.01, 0, DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00', '2024-01-01 00:00:00+00', TIME '08:00:00', 'A'),
  (2, 10, 99.99, 1, DATE '2024-12-31', TIMESTAMP '2024-12-31 23:59:59.999999', '2025-01-01 00:00:00+00', TIME '17:30:00', 'Z'),
  (3, -11, 0.00, -0.000001, DATE '2023-12-31', TIMESTAMP '2023-12-31 23:59:59', '2023-12-31 23:59:59+00', TIME '07:59:59', 'a'),
  (4, 11, 100.00, 1.000001, DATE '2025-01-01', TIMESTAMP '2025-01-01 00:00:00', '2025-01-01 00:00:01+00', TIME '17:30:01', 'Zz'),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, 0, 50.00, 0.5, DATE '2024-02-29', TIMESTAMP '2024-06-15 12:00:00', '2024-01-01 02:00:00+02', TIME '12:00:00', 'É');
