CREATE TABLE public.latencies (ms int, cost decimal(6, 2), weight double precision, day date, host text, "at" timestamp);
INSERT INTO public.latencies VALUES
  (10, 1.00, 1, DATE '2024-01-01', 'a', TIMESTAMP '2024-01-01 06:00:00'),
  (20, 2.00, 2, DATE '2024-01-02', 'b', TIMESTAMP '2024-01-01 09:00:00'),
  (30, NULL, 3, DATE '2024-01-03', 'c', TIMESTAMP '2024-01-01 12:00:00'),
  (40, NULL, 4, DATE '2024-01-04', 'd', TIMESTAMP '2024-01-01 15:00:00'),
  (50, NULL, NULL, NULL, NULL, NULL),
  (120, NULL, NULL, NULL, 'c', NULL);
