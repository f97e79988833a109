CREATE TABLE public.payments (id bigint, paid_on date, amount decimal(8, 2), currency_code text);
INSERT INTO public.payments VALUES
  (1, DATE '2024-01-01', -5.00, 'XXX'), (1, DATE '2024-01-02', 5.00, 'EUR'), (2, DATE '2024-01-03', 15.00, 'EUR'),
  (3, DATE '2024-01-04', 20.00, 'USD'), (3, NULL, 0.00, 'EUR');
