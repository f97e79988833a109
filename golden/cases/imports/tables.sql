CREATE TABLE public.clients (id bigint, vat text, status text, since date, until date, credit decimal(10, 2));
INSERT INTO public.clients VALUES
  (1, 'BE0123456789', 'active', DATE '2024-01-01', DATE '2024-12-31', 1000.00),
  (2, 'be0123456789', 'trial', DATE '2024-01-01', NULL, 1000.01),
  (3, NULL, 'active', DATE '2024-02-01', DATE '2024-01-01', NULL),
  (4, NULL, 'closed', NULL, NULL, -0.01);
