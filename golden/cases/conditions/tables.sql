CREATE TABLE public.profiles (id bigint, name varchar(20), mail text, site text, points int);
INSERT INTO public.profiles VALUES
  (1, 'ada', 'ada@example.com', NULL, 0), (2, 'B', 'b', 'https://example.com', 200), (3, 'CAREL', NULL, 'example.com', 101),
  (4, 'dan4', 'dan@example.com', 'x', NULL), (5, NULL, NULL, NULL, 5), (6, 'Wow!', 'wow', 'http://example.com/?q=1', 100);
