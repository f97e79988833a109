CREATE TABLE public.customers (id bigint, name text);
INSERT INTO public.customers VALUES (1, 'ann'), (2, 'bob'), (2, 'bob'), (3, 'cas');
CREATE TABLE public.orders (
  order_id bigint, customer_id bigint, status varchar(16), amount decimal(12, 2), email varchar(80), country char(2),
  placed_at timestamptz, shipped_at timestamptz);
INSERT INTO public.orders VALUES
  (1, 1, 'shipped', 120.00, 'ann@example.com', 'BE', '2024-06-01 00:00:00+00', '2024-06-02 09:00:00+00'),
  (2, 2, 'shipped', 75.50, 'bob@example.com', 'BE', '2024-06-02 10:00:00+00', NULL),
  (3, 2, 'paid', 19.99, 'n/a', 'FR', '2024-06-03 10:00:00+00', NULL),
  (4, 3, 'paid', 220.00, 'cas@example', 'FR', '2024-06-04 10:00:00+00', NULL),
  (5, 9, 'new', 15.00, '', 'FR', '2024-06-05 10:00:00+00', NULL),
  (6, 1, 'void', 0.00, 'ann@example.com', 'BE', '2024-06-08 10:30:00+00', NULL),
  (7, 3, 'shipped', 99.00, 'cas@example.com', NULL, '2024-06-07 10:00:00+00', '2024-06-06 10:00:00+00'),
  (8, 1, 'new', -1.00, 'ann@example.com', 'BE', '2024-05-31 23:59:59+00', NULL),
  (8, 1, 'lost', 1.00, NULL, 'be', '2024-05-01 00:00:00+00', NULL);
