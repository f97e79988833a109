CREATE TABLE public.prices (id bigint, kind text, price decimal(8, 2), discount decimal(4, 2));
INSERT INTO public.prices VALUES
  (1, 'book', 20.00, 0.05),
  (2, 'book', 20.00, 0.06),
  (3, 'toy', 10.00, 0.50),
  (4, 'toy', 0.00, 0.00),
  (5, 'lamp', 50.00, 0.30),
  (6, NULL, 50.00, 0.25),
  (7, 'lamp', NULL, 0.10),
  (8, 'lamp', 30.00, NULL),
  (9, 'toy', 10.00, 1.00);
