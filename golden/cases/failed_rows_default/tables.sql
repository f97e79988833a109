CREATE TABLE public.rooms (name text);
INSERT INTO public.rooms VALUES ('blue'), ('red');
CREATE TABLE public.bookings (room text, day date, guest text, guests int);
INSERT INTO public.bookings VALUES
  ('blue', DATE '2024-01-01', 'ann', 2), ('blue', DATE '2024-01-01', 'bob', 3), ('red', DATE '2024-01-01', '', NULL),
  ('green', DATE '2024-01-02', NULL, 5), ('red', NULL, 'ann', 0), (NULL, DATE '2024-01-05', 'eva', 1);
