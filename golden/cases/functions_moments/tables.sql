CREATE TABLE public.moments (id int, day date, "at" timestamp, abs timestamptz, tod time);
INSERT INTO public.moments VALUES
  (1, DATE '2024-02-29', TIMESTAMP '2024-02-29 23:59:59.5', '2024-02-28 23:30:00+01', TIME '23:59:59.5'),
  (2, DATE '2024-12-31', TIMESTAMP '2022-12-31 00:00:00', '2022-12-31 23:00:00+00', TIME '00:00:00'),
  (3, NULL, NULL, NULL, NULL);
