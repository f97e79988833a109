CREATE TABLE public.members (id bigint, joined date, email text, phone text, town text, zip text);
INSERT INTO public.members VALUES
  (1, DATE '2019-12-31', 'broken', NULL, NULL, '1'),
  (2, DATE '2020-01-01', 'ada@example.com', '1', 'Ghent', '9000'),
  (3, DATE '2021-01-01', 'bea@example.com', '2', 'Ghent', '900'),
  (4, DATE '2022-01-01', 'broken', '3', 'Ghent', '90000'),
  (5, DATE '2023-01-01', NULL, '4', 'Lille', '59000'),
  (6, NULL, 'broken', NULL, NULL, '1');
