CREATE TABLE public.tickets (
  id bigint, status varchar(16), priority int, size decimal(4, 1), due date, source text, queue smallint);
INSERT INTO public.tickets VALUES
  (1, 'open', 1, 0.5, DATE '2024-01-31', 'mail', 1),
  (2, 'Open', 2, 1.0, DATE '2024-02-29', 'Test', 0),
  (3, 'closed', 4, 1.5, DATE '2024-02-28', 'demo', NULL),
  (4, NULL, NULL, NULL, NULL, NULL, -1),
  (5, '', 3, 2.0, DATE '2024-01-31', 'test', 2),
  (6, 'it''s open', 0, 0.5, DATE '2024-02-29', 'mail', 3);
