CREATE TABLE public.mixed (id int, kind text, value text, pieces int);
INSERT INTO public.mixed VALUES
  (1, 'number', '8', 2), (2, 'number', '-2', 5), (3, 'date', '2024-05-01', 0), (4, 'date', '2023-05-01', 50), (5, 'text', 'eight', 0),
  (6, 'number', '1', NULL), (7, NULL, '?', 3);
