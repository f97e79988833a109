CREATE TABLE public.raw (line int, amount text, day text, flag text);
INSERT INTO public.raw VALUES
  (1, '12.50', '2024-01-31', 'true'),
  (2, ' 2 ', '2024-02-30', 'f'),
  (3, '1,5', '2024-02-29', 'YES'),
  (4, '', '31/01/2024', 'maybe'),
  (5, '-0.01', '2024-01-01', '0'),
  (6, 'NaN', '2023-12-31', NULL);
