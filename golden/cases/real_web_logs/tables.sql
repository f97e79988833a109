CREATE TABLE public.requests (
  "at" timestamp, host text, ip text, method varchar(7), path text, status smallint, millis double precision, size bigint,
  agent text);
INSERT INTO public.requests VALUES
  (TIMESTAMP '2024-05-01 10:00:00', 'a.example.com', '192.0.2.1', 'GET', '/', 200, 12.5, 512, 'curl/8.0'),
  (TIMESTAMP '2024-05-01 10:00:01', 'a.example.com', '192.0.2.2', 'GET', '/a/../b', 404, 3.25, 0, '-'),
  (TIMESTAMP '2024-05-01 10:00:02', 'a.example.com', '2001:db8::1', 'POST', '/login', 302, 80, NULL, NULL),
  (TIMESTAMP '2024-05-01 10:00:03', 'b.example.com', '192.0.2.3', 'GET', '/search?q=1234567890123456789012345678901', 200, 950.75, 4096, '-'),
  (TIMESTAMP '2024-05-01 10:00:04', 'b.example.com', '192.0.2.4', 'PATCH', 'x', 500, 1200, 10, 'bot'),
  (TIMESTAMP '2024-05-01 10:00:05', 'b.example.com', '192.0.2.5', 'GET', '/img', 304, 1.5, 7, 'bot');
