CREATE TABLE public.orders (id bigint, region text, year int, void boolean);
INSERT INTO public.orders VALUES (1, 'north', 2023, false), (2, 'south', 2022, true), (2, 'south', 2024, true);
CREATE TABLE public.shipments (id int, year int, void boolean, order_id bigint, region text, kind text);
INSERT INTO public.shipments VALUES
  (1, 2024, false, 1, 'north', 'a'),
  (2, 2024, false, 2, 'north', 'b'),
  (3, 2024, false, 2, 'south', 'a'),
  (4, 2024, false, 9, 'west', 'a'),
  (5, 2024, true, 8, 'east', 'b'),
  (6, 2023, false, 7, 'east', 'a'),
  (7, NULL, false, 6, 'east', 'a'),
  (8, 2024, NULL, 5, 'east', 'a');
