CREATE TABLE public.extremes (
  id int, amount decimal(8, 3), ratio double precision, name text, code char(4), day date, "at" timestamp,
  seen timestamptz, clock time);
INSERT INTO public.extremes VALUES
  (-5, 0.001, 1.5, 'Zoe', 'ab', DATE '2024-02-29', TIMESTAMP '2024-01-01 00:00:00.5', '2024-05-31 22:00:00+00', TIME '23:59:59'),
  (7, 12345.678, -2.25, 'ann', 'b', DATE '2024-02-28', TIMESTAMP '2024-01-01 00:00:01', '2024-05-31 23:30:00+02', TIME '00:00:00'),
  (0, NULL, 0, 'émile', 'abcd', NULL, NULL, NULL, NULL),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
