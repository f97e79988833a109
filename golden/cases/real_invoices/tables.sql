CREATE TABLE public.invoices (
  number int, customer bigint, issued date, due date, net decimal(12, 2), vat_rate decimal(4, 3), vat decimal(12, 2),
  total decimal(12, 2), iban varchar(34));
INSERT INTO public.invoices VALUES
  (1, 1, DATE '2024-01-31', DATE '2024-03-01', 100.00, 0.210, 21.00, 121.00, 'BE68539007547034'),
  (2, 1, DATE '2024-02-29', DATE '2024-03-14', 33.33, 0.060, 2.00, 35.33, NULL),
  (3, 2, DATE '2024-02-29', DATE '2024-03-10', 10.50, 0.000, 0.00, 10.50, 'BE68 5390 0754 7034'),
  (5, 2, DATE '2024-03-15', DATE '2024-05-15', -10.50, 0.000, 0.00, -10.49, NULL),
  (6, 3, DATE '2024-03-15', DATE '2024-03-29', 0.05, 0.210, 0.01, 0.06, NULL),
  (7, 3, DATE '2024-03-15', DATE '2024-04-15', 0.25, 0.060, 0.01, 0.27, NULL);
