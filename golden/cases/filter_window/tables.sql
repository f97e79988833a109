CREATE TABLE public.clicks (id bigint, clicked_at timestamptz, page text);
INSERT INTO public.clicks VALUES
  (1, '2024-06-01 11:59:59+00', NULL), (2, '2024-06-01 14:00:00+02', '/'), (3, '2024-06-03 11:30:00+00', '/a'),
  (3, '2024-05-01 00:00:00+00', '/b'), (4, NULL, NULL);
