CREATE TABLE public.customers (id bigint);
INSERT INTO public.customers VALUES (1), (2);
CREATE TABLE public.agents (name text);
INSERT INTO public.agents VALUES ('eva'), ('tom');
CREATE TABLE public.calls (id bigint, customer_id bigint, kind text, agent text);
INSERT INTO public.calls VALUES
  (1, 1, 'in', 'eva'),
  (2, 0, 'in', '???'),
  (3, 3, 'in', ''),
  (4, 3, 'out', 'ann'),
  (5, 3, NULL, NULL),
  (6, NULL, 'in', 'tom');
