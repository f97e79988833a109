CREATE TABLE public.items (id int, internal_note text, name varchar(40), price decimal(8, 2), loaded_at timestamp);
INSERT INTO public.items VALUES (1, NULL, 'lamp', 9.99, NULL), (2, NULL, 'desk', NULL, NULL);
