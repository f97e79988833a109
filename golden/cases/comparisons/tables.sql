CREATE TABLE public.limits (
  above int, at_least decimal(6, 2), below bigint, at_most smallint, same text, other text, day date, flag boolean);
INSERT INTO public.limits VALUES
  (1, 0.50, 999999, 10, 'yes', 'yes', DATE '2024-01-01', true),
  (0, 0.49, 1000000, 11, 'Yes', 'no', DATE '2023-12-31', false),
  (-1, -0.50, -1000000, -11, 'yes ', 'No', DATE '2024-01-02', true),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
