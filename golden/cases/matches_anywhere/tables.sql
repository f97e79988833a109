CREATE TABLE public.codes (id bigint, code text, same text, tail text, head text, dot text, word text, alt text);
INSERT INTO public.codes VALUES
  (1, 'abc1def', '123', 'a.csv', 'https://example.com', 'x', 'two words', 'abca'),
  (2, 'abc', '12a', 'a.csv.gz', 'see https://example.com', 'xy', 'oneword', 'abx'),
  (3, '', '', '.csv', 'http:/example.com', '', 'a  b', 'none'),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, '٣', '٣', 'acsv', 'HTTPS://example.com', '🙂', 'é x', 'none of it'),
  (6, '7', '0', 'CSV', 'http://', 'é', 'a_1 2', 'bcbca');
