CREATE TABLE public.visits (day date, tickets int);
INSERT INTO public.visits VALUES
  (DATE '2023-12-31', 5), (DATE '2024-01-01', 1), (DATE '2024-01-02', 2), (DATE '2024-01-03', 0),
  (DATE '2024-01-04', 3), (DATE '2024-01-05', NULL), (NULL, 7);
