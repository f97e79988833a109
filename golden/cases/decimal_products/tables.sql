CREATE TABLE public.positions (id int, price decimal(12, 2), quantity decimal(12, 2), rate decimal(9, 6));
INSERT INTO public.positions VALUES (1, 9999999999.99, 100000.00, 0.999999), (2, 0.01, 0.02, 1.000001), (3, NULL, 5.00, 1);
