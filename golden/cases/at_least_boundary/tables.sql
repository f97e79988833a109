CREATE TABLE public.shares (a int, b int, c int, d int, e int, f int);
INSERT INTO public.shares VALUES
  (1, 1, 1, 0, 1, 1),
  (1, 1, NULL, 0, 1, 1),
  (0, 0, 0, 0, 1, 0);
