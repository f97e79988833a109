-- demo.imports 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: imports.ints, imports.smallints, imports.decimals, imports.doubles, imports.dates, imports.timestamps, imports.instants, imports.times, imports.booleans, imports.uuids, imports.decimal_sum, imports.rounded, imports.rounded_down, imports.cut_to_day, imports.time_of_day, imports.as_text, imports.shortened, imports.day_text, imports.truth, imports.uuid_text, imports.json_text, imports.wider, imports.too_narrow, imports.scale, imports.number_too_large
SELECT
  COUNT(CASE WHEN "t" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CASE WHEN ROUND(CAST("t" AS NUMERIC)) >= -2147483648 AND ROUND(CAST("t" AS NUMERIC)) < 2147483648 THEN CAST("t" AS INTEGER) END END) AS "m1",
  COUNT(CASE WHEN "t" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CASE WHEN ROUND(CAST("t" AS NUMERIC)) >= -32768 AND ROUND(CAST("t" AS NUMERIC)) < 32768 THEN CAST("t" AS SMALLINT) END END) AS "m2",
  COUNT(CASE WHEN "t" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CASE WHEN ABS(ROUND(CAST("t" AS NUMERIC), 1)) < 1000 THEN CAST("t" AS NUMERIC(4, 1)) END END) AS "m3",
  COUNT(CASE WHEN "t" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CAST("t" AS DOUBLE PRECISION) END) AS "m4",
  COUNT(CASE WHEN "t" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN CASE WHEN LEFT("t", 4) <> '0000' THEN CASE WHEN CAST(SUBSTR("t", 9, 2) AS INTEGER) <= EXTRACT(DAY FROM CAST(SUBSTR("t", 1, 8) || '01' AS DATE) + CAST('1 month -1 day' AS INTERVAL)) THEN CAST("t" AS DATE) END END END) AS "m5",
  COUNT(CASE WHEN "t" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?$' THEN CASE WHEN LEFT("t", 4) <> '0000' THEN CASE WHEN CAST(SUBSTR("t", 9, 2) AS INTEGER) <= EXTRACT(DAY FROM CAST(SUBSTR("t", 1, 8) || '01' AS DATE) + CAST('1 month -1 day' AS INTERVAL)) THEN CAST("t" AS TIMESTAMP) END END END) AS "m6",
  COUNT(CASE WHEN "t" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)?)?$' THEN CASE WHEN LEFT("t", 4) <> '0000' THEN CASE WHEN CAST(SUBSTR("t", 9, 2) AS INTEGER) <= EXTRACT(DAY FROM CAST(SUBSTR("t", 1, 8) || '01' AS DATE) + CAST('1 month -1 day' AS INTERVAL)) THEN CAST("t" AS TIMESTAMPTZ) END END END) AS "m7",
  COUNT(CASE WHEN "t" ~ '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?$' THEN CAST("t" AS TIME) END) AS "m8",
  COUNT(*) FILTER (WHERE CASE WHEN LOWER("t") IN ('true', 't', 'yes', 'y', '1') THEN TRUE WHEN LOWER("t") IN ('false', 'f', 'no', 'n', '0') THEN FALSE END) AS "m9",
  COUNT(CASE WHEN "t" ~ '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$' THEN CAST("t" AS UUID) END) AS "m10",
  CAST(SUM(CASE WHEN "t" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CASE WHEN ABS(ROUND(CAST("t" AS NUMERIC), 1)) < 1000 THEN CAST("t" AS NUMERIC(4, 1)) END END) AS NUMERIC(38, 1)) AS "m11",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("d" AS INTEGER) <> 3 END) AS "m12",
  COUNT(*) FILTER (WHERE "id" = 1) AS "m13",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 2 THEN CAST("d" AS INTEGER) <> -3 END) AS "m14",
  COUNT(*) FILTER (WHERE "id" = 2) AS "m15",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("at" AS DATE) <> CAST('2024-02-29' AS DATE) END) AS "m16",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("at" AS TIME) <> CAST('23:59:59' AS TIME) END) AS "m17",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST("id" AS TEXT) <> '1' THEN FALSE ELSE CAST("id" AS TEXT) = '1' AND CASE WHEN CAST("d" AS TEXT) <> '2.500' THEN FALSE ELSE CAST("d" AS TEXT) = '2.500' AND CAST("b" AS TEXT) = 'true' END END END) AS "m18",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 3 THEN LEFT("t", 2) <> '40' END) AS "m19",
  COUNT(*) FILTER (WHERE "id" = 3) AS "m20",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST(CAST("at" AS DATE) AS TEXT) <> '2024-02-29' END) AS "m21",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST(CAST("b" AS INTEGER) AS INTEGER) <> 1 THEN FALSE ELSE CAST(CAST("b" AS INTEGER) AS INTEGER) = 1 AND "id" <> 0 END END) AS "m22",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("u" AS TEXT) <> '123e4567-e89b-12d3-a456-426614174000' END) AS "m23",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("j" AS TEXT) NOT LIKE '%"a"%' END) AS "m24",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("id" AS BIGINT) * 10000000000 <> 10000000000 END) AS "m25",
  COUNT(*) FILTER (WHERE CAST(CASE WHEN "t" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CASE WHEN ROUND(CAST("t" AS NUMERIC)) >= -2147483648 AND ROUND(CAST("t" AS NUMERIC)) < 2147483648 THEN CAST("t" AS INTEGER) END END AS SMALLINT) <= 0) AS "m26",
  COUNT(*) AS "m27",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("d" AS NUMERIC(8, 1)) <> 2.5 END) AS "m28",
  COUNT(*) FILTER (WHERE "id" > 0 AND CASE WHEN CAST("id" AS BIGINT) * CAST(100000 AS BIGINT) >= -32768 AND CAST("id" AS BIGINT) * CAST(100000 AS BIGINT) < 32768 THEN CAST(CAST("id" AS BIGINT) * CAST(100000 AS BIGINT) AS SMALLINT) END IS NOT NULL) AS "m29",
  COUNT(*) FILTER (WHERE "id" > 0) AS "m30"
FROM "public"."imports";

-- failed rows of imports.rounded
SELECT
  "d" AS "d",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("d" AS INTEGER) <> 3 END
LIMIT 100;

-- failed rows of imports.rounded_down
SELECT
  "d" AS "d",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 2 THEN CAST("d" AS INTEGER) <> -3 END
LIMIT 100;

-- failed rows of imports.cut_to_day
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("at" AS DATE) <> CAST('2024-02-29' AS DATE) END
LIMIT 100;

-- failed rows of imports.time_of_day
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("at" AS TIME) <> CAST('23:59:59' AS TIME) END
LIMIT 100;

-- failed rows of imports.as_text
SELECT
  "id" AS "id",
  "d" AS "d",
  "b" AS "b"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST("id" AS TEXT) <> '1' THEN FALSE ELSE CAST("id" AS TEXT) = '1'
  AND CASE WHEN CAST("d" AS TEXT) <> '2.500' THEN FALSE ELSE CAST("d" AS TEXT) = '2.500'
  AND CAST("b" AS TEXT) = 'true' END END END
LIMIT 100;

-- failed rows of imports.shortened
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 3 THEN LEFT("t", 2) <> '40' END
LIMIT 100;

-- failed rows of imports.day_text
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST(CAST("at" AS DATE) AS TEXT) <> '2024-02-29' END
LIMIT 100;

-- failed rows of imports.truth
SELECT
  "b" AS "b",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST(CAST("b" AS INTEGER) AS INTEGER) <> 1 THEN FALSE ELSE CAST(CAST("b" AS INTEGER) AS INTEGER) = 1
  AND "id" <> 0 END END
LIMIT 100;

-- failed rows of imports.uuid_text
SELECT
  "u" AS "u",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("u" AS TEXT) <> '123e4567-e89b-12d3-a456-426614174000' END
LIMIT 100;

-- failed rows of imports.json_text
SELECT
  "j" AS "j",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("j" AS TEXT) NOT LIKE '%"a"%' END
LIMIT 100;

-- failed rows of imports.wider
SELECT
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("id" AS BIGINT) * 10000000000 <> 10000000000 END
LIMIT 100;

-- failed rows of imports.too_narrow
SELECT
  "t" AS "t"
FROM "public"."imports"
WHERE CAST(CASE WHEN "t" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CASE WHEN ROUND(CAST("t" AS NUMERIC)) >= -2147483648 AND ROUND(CAST("t" AS NUMERIC)) < 2147483648 THEN CAST("t" AS INTEGER) END END AS SMALLINT) <= 0
LIMIT 100;

-- failed rows of imports.scale
SELECT
  "d" AS "d",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("d" AS NUMERIC(8, 1)) <> 2.5 END
LIMIT 100;

-- failed rows of imports.number_too_large
SELECT
  "id" AS "id"
FROM "public"."imports"
WHERE "id" > 0
  AND CASE WHEN CAST("id" AS BIGINT) * CAST(100000 AS BIGINT) >= -32768
  AND CAST("id" AS BIGINT) * CAST(100000 AS BIGINT) < 32768 THEN CAST(CAST("id" AS BIGINT) * CAST(100000 AS BIGINT) AS SMALLINT) END IS NOT NULL
LIMIT 100;
