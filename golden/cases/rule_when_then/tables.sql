CREATE TABLE public.parcels (id bigint, status text, shipped_on date, weight decimal(6, 2));
INSERT INTO public.parcels VALUES
  (1, 'shipped', DATE '2024-01-02', 1.50),
  (2, 'shipped', NULL, 0.00),
  (3, 'shipped', DATE '2024-01-03', NULL),
  (4, 'new', NULL, 2.00),
  (5, 'new', DATE '2024-01-04', NULL),
  (6, 'new', DATE '2024-01-04', 3.00),
  (7, NULL, DATE '2024-01-05', 1.00),
  (8, NULL, NULL, NULL);
