CREATE TABLE public.sites (code char(3));
INSERT INTO public.sites VALUES ('GNT'), ('LIL'), ('BRU');
CREATE TABLE public.inventory (site char(3), sku varchar(12), on_hand int, reserved int, cost decimal(10, 4), counted date);
INSERT INTO public.inventory VALUES
  ('GNT', 'ABC-0001', 10, 2, 1.2500, DATE '2024-05-01'),
  ('GNT', 'ABC-0002', 0, 0, NULL, DATE '2024-03-03'),
  ('GNT', 'ABC-0002', 5, 6, 2.0000, DATE '2024-03-02'),
  ('LIL', 'ABC-0001', 1, 5, 1.2500, NULL),
  ('LIL', 'abc-0003', 3, 0, NULL, DATE '2024-05-31'),
  ('XXX', 'ABC-0004', 100, 0, 999.9999, DATE '2024-05-31'),
  ('BRU', 'ABC-0001', -1, 0, 0.0000, DATE '2024-05-30');
