CREATE TABLE public.partners (
  id bigint, email text, ip text, site text, country char(2), currency char(3), day text, token text, iban text,
  last_one text, title text);
INSERT INTO public.partners VALUES
  (1, 'ada@example.com', '192.0.2.1', 'https://example.com/a?b=c', 'BE', 'EUR', '2024-02-29',
   '123e4567-e89b-12d3-a456-426614174000', 'BE68539007547034', 'AB-123456', 'Partner'),
  (2, 'ada@example', '256.0.0.1', 'ftp://example.com', 'be', 'eur', '2024-13-01',
   '123e4567e89b12d3a456426614174000', 'BE68 5390 0754 7034', 'AB-12345', 'PARTNER'),
  (3, 'a@b@example.com', '1.2.3', 'example.com', 'B', 'EU', '2024-1-1', '', 'be68', 'xAB-123456', ''),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, ' ada@example.com', '192.0.2.1 ', 'https://example.com:8080', 'JP', 'JPY', '2023-02-29',
   '123E4567-E89B-12D3-A456-426614174000', 'DE89370400440532013000', 'ZZ-000000', '1a');
