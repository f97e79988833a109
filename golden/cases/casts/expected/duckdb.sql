-- demo.imports 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: imports.ints, imports.smallints, imports.decimals, imports.doubles, imports.dates, imports.timestamps, imports.instants, imports.times, imports.booleans, imports.uuids, imports.decimal_sum, imports.rounded, imports.rounded_down, imports.cut_to_day, imports.time_of_day, imports.as_text, imports.shortened, imports.day_text, imports.truth, imports.uuid_text, imports.json_text, imports.wider, imports.too_narrow, imports.scale, imports.number_too_large
SELECT
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^ *[+-]?[0-9]{1,60} *$') THEN TRY_CAST("t" AS INTEGER) END) AS "m1",
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^ *[+-]?[0-9]{1,60} *$') THEN TRY_CAST("t" AS SMALLINT) END) AS "m2",
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN TRY_CAST("t" AS DECIMAL(4, 1)) END) AS "m3",
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN TRY_CAST("t" AS DOUBLE) END) AS "m4",
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') THEN TRY_CAST("t" AS DATE) END) AS "m5",
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?$') THEN TRY_CAST("t" AS TIMESTAMP) END) AS "m6",
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)?)?$') THEN TRY_CAST("t" AS TIMESTAMPTZ) END) AS "m7",
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?$') THEN TRY_CAST("t" AS TIME) END) AS "m8",
  COALESCE(COUNT_IF(CASE WHEN LOWER("t") IN ('true', 't', 'yes', 'y', '1') THEN TRUE WHEN LOWER("t") IN ('false', 'f', 'no', 'n', '0') THEN FALSE END), 0) AS "m9",
  COUNT(CASE WHEN REGEXP_MATCHES("t", '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$') THEN TRY_CAST("t" AS UUID) END) AS "m10",
  CAST(SUM(CASE WHEN REGEXP_MATCHES("t", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN TRY_CAST("t" AS DECIMAL(4, 1)) END) AS DECIMAL(38, 1)) AS "m11",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("d" AS INTEGER) <> 3 END), 0) AS "m12",
  COALESCE(COUNT_IF("id" = 1), 0) AS "m13",
  COALESCE(COUNT_IF(CASE WHEN "id" = 2 THEN CAST("d" AS INTEGER) <> -3 END), 0) AS "m14",
  COALESCE(COUNT_IF("id" = 2), 0) AS "m15",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("at" AS DATE) <> CAST('2024-02-29' AS DATE) END), 0) AS "m16",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("at" AS TIME) <> CAST('23:59:59' AS TIME) END), 0) AS "m17",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST("id" AS VARCHAR) <> '1' THEN FALSE ELSE CAST("id" AS VARCHAR) = '1' AND CASE WHEN CAST("d" AS VARCHAR) <> '2.500' THEN FALSE ELSE CAST("d" AS VARCHAR) = '2.500' AND CAST("b" AS VARCHAR) = 'true' END END END), 0) AS "m18",
  COALESCE(COUNT_IF(CASE WHEN "id" = 3 THEN LEFT("t", 2) <> '40' END), 0) AS "m19",
  COALESCE(COUNT_IF("id" = 3), 0) AS "m20",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST(CAST("at" AS DATE) AS VARCHAR) <> '2024-02-29' END), 0) AS "m21",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST("b" AS INTEGER) <> 1 THEN FALSE ELSE CAST("b" AS INTEGER) = 1 AND CAST("id" AS BOOLEAN) END END), 0) AS "m22",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("u" AS VARCHAR) <> '123e4567-e89b-12d3-a456-426614174000' END), 0) AS "m23",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("j" AS VARCHAR) NOT LIKE '%"a"%' END), 0) AS "m24",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("id" AS BIGINT) * 10000000000 <> 10000000000 END), 0) AS "m25",
  COALESCE(COUNT_IF(CAST(CASE WHEN REGEXP_MATCHES("t", '^ *[+-]?[0-9]{1,60} *$') THEN TRY_CAST("t" AS INTEGER) END AS SMALLINT) <= 0), 0) AS "m26",
  COUNT(*) AS "m27",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("d" AS DECIMAL(8, 1)) <> 2.5 END), 0) AS "m28",
  COALESCE(COUNT_IF("id" > 0 AND TRY_CAST(CAST("id" AS BIGINT) * CAST(100000 AS BIGINT) AS SMALLINT) IS NOT NULL), 0) AS "m29",
  COALESCE(COUNT_IF("id" > 0), 0) AS "m30"
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
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST("id" AS VARCHAR) <> '1' THEN FALSE ELSE CAST("id" AS VARCHAR) = '1'
  AND CASE WHEN CAST("d" AS VARCHAR) <> '2.500' THEN FALSE ELSE CAST("d" AS VARCHAR) = '2.500'
  AND CAST("b" AS VARCHAR) = 'true' END END END
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
WHERE CASE WHEN "id" = 1 THEN CAST(CAST("at" AS DATE) AS VARCHAR) <> '2024-02-29' END
LIMIT 100;

-- failed rows of imports.truth
SELECT
  "b" AS "b",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST("b" AS INTEGER) <> 1 THEN FALSE ELSE CAST("b" AS INTEGER) = 1
  AND CAST("id" AS BOOLEAN) END END
LIMIT 100;

-- failed rows of imports.uuid_text
SELECT
  "u" AS "u",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("u" AS VARCHAR) <> '123e4567-e89b-12d3-a456-426614174000' END
LIMIT 100;

-- failed rows of imports.json_text
SELECT
  "j" AS "j",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("j" AS VARCHAR) NOT LIKE '%"a"%' END
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
WHERE CAST(CASE WHEN REGEXP_MATCHES("t", '^ *[+-]?[0-9]{1,60} *$') THEN TRY_CAST("t" AS INTEGER) END AS SMALLINT) <= 0
LIMIT 100;

-- failed rows of imports.scale
SELECT
  "d" AS "d",
  "id" AS "id"
FROM "public"."imports"
WHERE CASE WHEN "id" = 1 THEN CAST("d" AS DECIMAL(8, 1)) <> 2.5 END
LIMIT 100;

-- failed rows of imports.number_too_large
SELECT
  "id" AS "id"
FROM "public"."imports"
WHERE "id" > 0
  AND TRY_CAST(CAST("id" AS BIGINT) * CAST(100000 AS BIGINT) AS SMALLINT) IS NOT NULL
LIMIT 100;
