CREATE TABLE public.subscriptions (
  id uuid, plan text, price decimal(8, 2), seats smallint, starts_on date, ends_on date, cancelled boolean, reason text);
INSERT INTO public.subscriptions VALUES
  ('00000000-0000-0000-0000-00000000000a', 'free', 0.00, 1, DATE '2024-01-01', DATE '2024-02-01', false, NULL),
  ('00000000-0000-0000-0000-00000000000a', 'basic', 9.99, 2, DATE '2024-02-01', NULL, false, ''),
  ('00000000-0000-0000-0000-00000000000a', 'pro', 29.99, 3, DATE '2024-03-01', NULL, false, NULL),
  ('00000000-0000-0000-0000-00000000000b', 'free', 1.00, 1, DATE '2024-01-01', DATE '2024-01-01', true, 'none'),
  ('00000000-0000-0000-0000-00000000000b', 'basic', 0.00, 1, DATE '2024-01-01', NULL, true, 'too expensive for us all'),
  ('00000000-0000-0000-0000-00000000000c', 'pro', 19.99, 0, DATE '2024-05-01', NULL, false, NULL);
