CREATE TABLE public.invoices (invoice_no text);
INSERT INTO public.invoices VALUES ('I-1'), ('I-2'), ('I-3'), ('I-4');
CREATE TABLE public.payments (
  payment_id text, invoice_no text, amount decimal(14, 4), fee decimal(14, 4), currency char(3), paid_at timestamp,
  refunded boolean);
INSERT INTO public.payments VALUES
  ('pay_a1b2c3', 'I-1', 100.0000, 1.5000, 'EUR', TIMESTAMP '2024-05-01 10:00:00', false),
  ('pay_a1b2c4', 'I-2', 250.5000, 3.7500, 'EUR', TIMESTAMP '2024-05-01 11:00:00', false),
  ('pay_a1b2c5', 'I-2', 80.0050, 1.2000, 'USD', TIMESTAMP '2024-05-02 10:00:00', false),
  ('pay_a1b2c6', 'I-9', 20.0000, 0.3000, 'USD', TIMESTAMP '2024-05-03 10:00:00', true),
  ('pay_a1b2c6', 'I-3', 15000.0000, 0.0000, 'GBP', TIMESTAMP '2024-05-04 10:00:00', true),
  ('PAY_a1b2c7', NULL, 0.5000, 0.5000, 'gbp', TIMESTAMP '2024-05-05 10:00:00', false);
