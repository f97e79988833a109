CREATE TABLE public.deliveries (id bigint, address text, status text, price decimal(8, 2));
INSERT INTO public.deliveries VALUES
  (1, 'a', 'new', 5.00), (2, NULL, 'gone', 500.00), (3, 'c', 'done', NULL), (4, 'd', 'lost', -1.00), (4, 'e', 'sold', 101.00),
  (6, NULL, 'void', 0.00);
