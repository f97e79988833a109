CREATE TABLE public.addresses (customer_id bigint, current boolean, kind text);
INSERT INTO public.addresses VALUES
  (1, true, 'home'),
  (1, false, 'home'),
  (1, NULL, 'home'),
  (2, true, 'home'),
  (2, true, 'work'),
  (3, false, 'work'),
  (3, false, 'home'),
  (4, true, 'home');
