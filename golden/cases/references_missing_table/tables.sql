CREATE TABLE public.shipments (id bigint, carrier text, weight int);
INSERT INTO public.shipments VALUES (1, 'A', 10), (2, 'B', 0), (3, 'C', NULL);
