CREATE TABLE public.contacts (id bigint, email text, phone text, age int);
INSERT INTO public.contacts VALUES
  (1, 'ada@example.com', '+3225551234', 36),
  (2, '', '', -1),
  (3, 'n/a', 'n/a', 999),
  (4, NULL, NULL, NULL),
  (5, '-', '-', 0),
  (6, 'N/A', '+3225551235', 120),
  (7, 'not an address', '+3225551236', 121);
