CREATE TABLE public.tickets (id bigint, seat int, gate smallint, twice bigint, late bigint);
INSERT INTO public.tickets VALUES
  (64, 9, 5, 9223372036854775807, 3),
  (-1, NULL, -5, -9223372036854775808, 7),
  (63, -2147483648, 32767, 0, 2),
  (0, 2147483647, -32768, 9223372036854775807, 7),
  (-64, 0, NULL, -1, 1),
  (-65, 1, 0, 64, 4),
  (9223372036854775807, 64, 1, NULL, -1),
  (-9223372036854775808, -1, NULL, -64, NULL),
  (1, -63, 2, 128, 0),
  (128, -64, 5, 1, -1);
