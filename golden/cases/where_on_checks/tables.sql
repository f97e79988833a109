CREATE TABLE public.sales (id int, channel text, amount decimal(8, 2), void boolean);
INSERT INTO public.sales VALUES
  (1, 'web', 10.00, false), (2, 'web', 30.00, false), (3, 'web', NULL, false), (4, 'web', 1000.00, true),
  (5, 'web', 1000.00, NULL), (6, 'shop', 5.00, false), (7, 'shop', 15.00, false), (8, NULL, 7.00, false),
  (9, NULL, NULL, false), (10, 'fax', 9.00, true);
