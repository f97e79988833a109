CREATE TABLE public.synonyms (
  a int, b bigint, c decimal(8, 2), d text, e varchar(20), f timestamptz, g timestamp, h double precision, i boolean,
  j bytea, k json, l real, m timestamp);
INSERT INTO public.synonyms VALUES
  (1, 2, 3.00, 'd', 'e', '2024-01-01 00:00:00+00', TIMESTAMP '2024-01-01 00:00:00', 1.5, true, 'x', '[]', 0.25,
   TIMESTAMP '2024-01-01 00:00:00');
