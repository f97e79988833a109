CREATE TABLE public.shipments (
  tracking varchar(20), order_id bigint, carrier text, weight_kg decimal(6, 3), picked_at timestamptz,
  customs_at timestamptz, delivered_at timestamptz, country char(2));
INSERT INTO public.shipments VALUES
  ('AB123456789BE', 1, 'post', 1.250, '2024-05-17 10:00:00+02', NULL, '2024-05-19 10:00:00+02', 'BE'),
  ('AB123456780BE', 2, 'express', 31.500, '2024-05-17 10:00:00+02', '2024-05-17 09:30:00+00', '2024-05-17 11:00:00+02', 'US'),
  ('AB123456781BE', 3, 'express', 0.000, '2024-05-10 10:00:00+02', '2024-05-10 09:59:59+02', '2024-05-12 10:00:01+02', 'BE'),
  ('ab123456782be', 4, 'express', 12.000, '2024-05-10 10:00:00+02', NULL, '2024-05-12 08:00:00+00', 'FR'),
  ('AB123456783BE', 5, 'post', 5.000, '2024-05-10 07:59:59+00', NULL, NULL, 'fr'),
  ('AB123456783BE', 6, 'drone', 2.000, '2024-05-10 08:00:00+00', NULL, NULL, 'NL');
