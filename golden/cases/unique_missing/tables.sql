CREATE TABLE public.devices (id bigint, serial text, asset int);
INSERT INTO public.devices VALUES
  (1, 'none', 0),
  (2, 'none', 0),
  (3, '', 12),
  (4, 'S-1', 13),
  (5, 'S-2', 13),
  (6, 'NONE', NULL),
  (7, NULL, NULL);
