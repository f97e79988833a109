CREATE TABLE public.sensors (id int, x double precision, y double precision, z double precision, clean double precision);
INSERT INTO public.sensors VALUES
  (1, 1, 0, CAST('NaN' AS double precision), 1.5),
  (2, CAST('NaN' AS double precision), CAST('Infinity' AS double precision), CAST('NaN' AS double precision), 2),
  (3, NULL, CAST('-Infinity' AS double precision), CAST('Infinity' AS double precision), NULL),
  (4, 50, 9, 0, 0);
