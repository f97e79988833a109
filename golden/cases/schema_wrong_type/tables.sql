CREATE TABLE public.events (id bigint, amount text, "at" timestamp, name int, size smallint, score real);
INSERT INTO public.events VALUES
  (1, '1.00', TIMESTAMP '2024-02-01 00:00:00', 5, 3, 0.5), (2, 'x', NULL, 6, 4, NULL);
