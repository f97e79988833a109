CREATE TABLE public.users (
  id bigint, email text, handle varchar(20), birth_date date, locale text, state text, created_at timestamp,
  closed_at timestamp, referrer bigint);
INSERT INTO public.users VALUES
  (1, 'ann@example.com', 'ann', DATE '1990-02-28', 'nl-BE', 'active', TIMESTAMP '2020-01-01 00:00:00', NULL, NULL),
  (2, 'ANN@example.com', 'ann_2', DATE '2004-02-29', 'nl', 'active', TIMESTAMP '2020-02-28 23:59:59', NULL, 1),
  (3, 'bob@example.com', 'ann', NULL, 'xx', 'closed', TIMESTAMP '2021-01-01 00:00:00', TIMESTAMP '2020-01-01 00:00:00', 3),
  (4, 'cas.example.com', 'Cas', DATE '1899-12-31', 'EN', 'pending', TIMESTAMP '2022-01-01 00:00:00', TIMESTAMP '2022-02-01 00:00:00', 99),
  (5, 'dan@example.com', 'd', NULL, NULL, 'closed', TIMESTAMP '2022-01-01 00:00:00', NULL, 1),
  (6, NULL, 'eva', NULL, NULL, 'gone', TIMESTAMP '2022-01-01 00:00:00', NULL, NULL);
