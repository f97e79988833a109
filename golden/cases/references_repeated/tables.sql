CREATE TABLE public.customers (id bigint, country text, agent text);
INSERT INTO public.customers VALUES
  (1, 'BE', NULL), (1, 'BE', NULL), (1, 'BE', 'eva'), (2, 'FR', NULL), (2, 'FR', NULL), (NULL, 'NL', NULL);
CREATE TABLE public.orders (id bigint, customer_id bigint, country text, agent text);
INSERT INTO public.orders VALUES
  (1, 1, 'BE', 'eva'),
  (2, 1, 'FR', NULL),
  (3, 2, 'be', 'Eva'),
  (4, 3, 'NL', NULL),
  (5, NULL, 'DE', 'tom'),
  (6, 3, NULL, NULL);
