CREATE TABLE public.everything (
  a_boolean boolean, a_smallint smallint, an_int int, a_bigint bigint, a_decimal decimal(10, 3), a_float real,
  a_double double precision, a_text text, a_varchar varchar(10), a_char char(5), a_uuid uuid, a_json json,
  a_binary bytea, a_date date, a_time time, a_timestamp timestamp, a_timestamptz timestamptz, an_array text[],
  a_list int[]);
INSERT INTO public.everything VALUES
  (true, -32768, 2147483646, 9223372036854775807, 0.001, 0.5, 1e300, 'text', 'varchar', 'ab',
   '123e4567-e89b-12d3-a456-426614174000', '{"a": [1, null]}', 'abc', DATE '2024-02-29', TIME '23:59:59.999999',
   TIMESTAMP '2024-02-29 23:59:59.999999', '2024-02-29 23:59:59.999999+05:30', ARRAY['a', 'b'], ARRAY[1, 2]),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
