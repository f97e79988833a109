CREATE TABLE public.texts (id int, t text, u text);
INSERT INTO public.texts VALUES
  (1, 'Hello World', 'x'), (2, ' x ', NULL), (3, 'tab	end	', NULL), (4, 'éà', 'ab'), (5, '🙂', 'a'), (6, 'a', NULL),
  (7, '👍ab', NULL), (8, '', '');
