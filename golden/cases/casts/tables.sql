CREATE TABLE public.imports (
  id int, t text, d decimal(8, 3), f double precision, "at" timestamp, b boolean, u uuid, j json);
INSERT INTO public.imports VALUES
  (1, '12', 2.500, 2.5, TIMESTAMP '2024-02-29 23:59:59', true, '123e4567-e89b-12d3-a456-426614174000', '{"a": 1}'),
  (2, ' -7 ', -2.500, -2.5, NULL, NULL, NULL, NULL),
  (3, '40000', NULL, NULL, NULL, NULL, NULL, NULL),
  (4, '3.14', NULL, NULL, NULL, NULL, NULL, NULL),
  (5, '5.25', NULL, NULL, NULL, NULL, NULL, NULL),
  (6, '1e-3', NULL, NULL, NULL, NULL, NULL, NULL),
  (7, '2024-02-29', NULL, NULL, NULL, NULL, NULL, NULL),
  (8, '2024-02-29 12:30', NULL, NULL, NULL, NULL, NULL, NULL),
  (9, '23:59', NULL, NULL, NULL, NULL, NULL, NULL),
  (10, 'Yes', NULL, NULL, NULL, NULL, NULL, NULL),
  (11, '123e4567-e89b-12d3-a456-426614174000', NULL, NULL, NULL, NULL, NULL, NULL),
  (12, '2023-02-29', NULL, NULL, NULL, NULL, NULL, NULL),
  (13, 'twelve', NULL, NULL, NULL, NULL, NULL, NULL),
  (14, '', NULL, NULL, NULL, NULL, NULL, NULL),
  (15, '1.5.2', NULL, NULL, NULL, NULL, NULL, NULL),
  (16, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
