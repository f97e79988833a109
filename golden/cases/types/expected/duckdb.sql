-- demo.everything 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: everything.a_boolean.required, everything.a_smallint.required, everything.a_smallint.compare, everything.an_int.required, everything.an_int.compare, everything.a_bigint.required, everything.a_bigint.unique, everything.a_decimal.required, everything.a_decimal.compare, everything.a_float.required, everything.a_double.required, everything.a_text.required, everything.a_varchar.required, everything.a_char.required, everything.a_char.compare, everything.a_uuid.required, everything.a_uuid.unique, everything.a_json.required, everything.a_binary.required, everything.a_date.required, everything.a_time.required, everything.a_timestamp.required, everything.a_timestamptz.required, everything.an_array.required, everything.a_list.required, everything.booleans, everything.false_ones, everything.a_float.max, everything.a_uuid.distinct, everything.a_binary.distinct, everything.a_json.missing, everything.an_array.missing
SELECT
  COUNT(*) AS "m1",
  COUNT("a_boolean") AS "m2",
  COUNT("a_smallint") AS "m3",
  COALESCE(COUNT_IF("a_smallint" < -32768), 0) AS "m4",
  COUNT("an_int") AS "m5",
  COALESCE(COUNT_IF("an_int" >= 2147483647), 0) AS "m6",
  COUNT("a_bigint") AS "m7",
  COUNT("a_decimal") AS "m11",
  COALESCE(COUNT_IF("a_decimal" <= 0), 0) AS "m12",
  COUNT(CAST("a_float" AS DOUBLE)) AS "m13",
  COUNT("a_double") AS "m14",
  COUNT("a_text") AS "m15",
  COUNT("a_varchar") AS "m16",
  COUNT(RTRIM("a_char", ' ')) AS "m17",
  COALESCE(COUNT_IF(RTRIM("a_char", ' ') <> 'ab'), 0) AS "m18",
  COUNT("a_uuid") AS "m19",
  COUNT("a_json") AS "m22",
  COUNT("a_binary") AS "m23",
  COUNT("a_date") AS "m24",
  COUNT("a_time") AS "m25",
  COUNT("a_timestamp") AS "m26",
  COUNT("a_timestamptz") AS "m27",
  COUNT("an_array") AS "m28",
  COUNT("a_list") AS "m29",
  COALESCE(COUNT_IF("a_boolean"), 0) AS "m30",
  COALESCE(COUNT_IF(NOT "a_boolean"), 0) AS "m31",
  MAX(CAST("a_float" AS DOUBLE)) AS "m32",
  COUNT(DISTINCT "a_uuid") AS "m33",
  COUNT(DISTINCT "a_binary") AS "m34"
FROM "public"."everything";

-- s2: everything.a_bigint.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m8"
FROM (SELECT "a_bigint" <= LAG("a_bigint") OVER () AS "assay_step" FROM "public"."everything" WHERE "a_bigint" IS NOT NULL) AS "assay_keys";

-- s3: everything.a_bigint.unique
-- only where m8 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m9"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("a_bigint" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."everything" WHERE "a_bigint" IS NOT NULL GROUP BY "a_bigint" >> 6) AS "assay_keys";

-- s4: everything.a_bigint.unique
-- only where (m8 * (m7 - m9)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m10"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."everything" WHERE "a_bigint" IS NOT NULL GROUP BY "a_bigint" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: everything.a_uuid.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m20"
FROM (SELECT "a_uuid" <= LAG("a_uuid") OVER () AS "assay_step" FROM "public"."everything" WHERE "a_uuid" IS NOT NULL) AS "assay_keys";

-- s6: everything.a_uuid.unique
-- only where m20 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m21"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."everything" WHERE "a_uuid" IS NOT NULL GROUP BY "a_uuid" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of everything.a_boolean.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_boolean" AS "a_boolean"
FROM "public"."everything"
WHERE "a_boolean" IS NULL
LIMIT 100;

-- failed rows of everything.a_smallint.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_smallint" AS "a_smallint"
FROM "public"."everything"
WHERE "a_smallint" IS NULL
LIMIT 100;

-- failed rows of everything.a_smallint.compare
SELECT
  "a_bigint" AS "a_bigint",
  "a_smallint" AS "a_smallint"
FROM "public"."everything"
WHERE "a_smallint" < -32768
LIMIT 100;

-- failed rows of everything.an_int.required
SELECT
  "a_bigint" AS "a_bigint",
  "an_int" AS "an_int"
FROM "public"."everything"
WHERE "an_int" IS NULL
LIMIT 100;

-- failed rows of everything.an_int.compare
SELECT
  "a_bigint" AS "a_bigint",
  "an_int" AS "an_int"
FROM "public"."everything"
WHERE "an_int" >= 2147483647
LIMIT 100;

-- failed rows of everything.a_bigint.required
SELECT
  "a_bigint" AS "a_bigint"
FROM "public"."everything"
WHERE "a_bigint" IS NULL
LIMIT 100;

-- failed rows of everything.a_bigint.unique
SELECT
  "a_bigint" AS "a_bigint"
FROM "public"."everything"
WHERE "a_bigint" IN (SELECT "a_bigint" FROM "public"."everything" WHERE "a_bigint" IS NOT NULL GROUP BY "a_bigint" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of everything.a_decimal.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_decimal" AS "a_decimal"
FROM "public"."everything"
WHERE "a_decimal" IS NULL
LIMIT 100;

-- failed rows of everything.a_decimal.compare
SELECT
  "a_bigint" AS "a_bigint",
  "a_decimal" AS "a_decimal"
FROM "public"."everything"
WHERE "a_decimal" <= 0
LIMIT 100;

-- failed rows of everything.a_float.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_float" AS "a_float"
FROM "public"."everything"
WHERE CAST("a_float" AS DOUBLE) IS NULL
LIMIT 100;

-- failed rows of everything.a_double.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_double" AS "a_double"
FROM "public"."everything"
WHERE "a_double" IS NULL
LIMIT 100;

-- failed rows of everything.a_text.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_text" AS "a_text"
FROM "public"."everything"
WHERE "a_text" IS NULL
LIMIT 100;

-- failed rows of everything.a_varchar.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_varchar" AS "a_varchar"
FROM "public"."everything"
WHERE "a_varchar" IS NULL
LIMIT 100;

-- failed rows of everything.a_char.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_char" AS "a_char"
FROM "public"."everything"
WHERE RTRIM("a_char", ' ') IS NULL
LIMIT 100;

-- failed rows of everything.a_char.compare
SELECT
  "a_bigint" AS "a_bigint",
  "a_char" AS "a_char"
FROM "public"."everything"
WHERE RTRIM("a_char", ' ') <> 'ab'
LIMIT 100;

-- failed rows of everything.a_uuid.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_uuid" AS "a_uuid"
FROM "public"."everything"
WHERE "a_uuid" IS NULL
LIMIT 100;

-- failed rows of everything.a_uuid.unique
SELECT
  "a_bigint" AS "a_bigint",
  "a_uuid" AS "a_uuid"
FROM "public"."everything"
WHERE "a_uuid" IN (SELECT "a_uuid" FROM "public"."everything" WHERE "a_uuid" IS NOT NULL GROUP BY "a_uuid" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of everything.a_json.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_json" AS "a_json"
FROM "public"."everything"
WHERE "a_json" IS NULL
LIMIT 100;

-- failed rows of everything.a_binary.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_binary" AS "a_binary"
FROM "public"."everything"
WHERE "a_binary" IS NULL
LIMIT 100;

-- failed rows of everything.a_date.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_date" AS "a_date"
FROM "public"."everything"
WHERE "a_date" IS NULL
LIMIT 100;

-- failed rows of everything.a_time.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_time" AS "a_time"
FROM "public"."everything"
WHERE "a_time" IS NULL
LIMIT 100;

-- failed rows of everything.a_timestamp.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_timestamp" AS "a_timestamp"
FROM "public"."everything"
WHERE "a_timestamp" IS NULL
LIMIT 100;

-- failed rows of everything.a_timestamptz.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_timestamptz" AS "a_timestamptz"
FROM "public"."everything"
WHERE "a_timestamptz" IS NULL
LIMIT 100;

-- failed rows of everything.an_array.required
SELECT
  "a_bigint" AS "a_bigint",
  "an_array" AS "an_array"
FROM "public"."everything"
WHERE "an_array" IS NULL
LIMIT 100;

-- failed rows of everything.a_list.required
SELECT
  "a_bigint" AS "a_bigint",
  "a_list" AS "a_list"
FROM "public"."everything"
WHERE "a_list" IS NULL
LIMIT 100;

-- failed rows of everything.false_ones
SELECT
  "a_bigint" AS "a_bigint",
  "a_boolean" AS "a_boolean"
FROM "public"."everything"
WHERE NOT "a_boolean"
LIMIT 100;

-- failed rows of everything.an_array.missing
SELECT
  "a_bigint" AS "a_bigint",
  "an_array" AS "an_array"
FROM "public"."everything"
WHERE "an_array" IS NULL
LIMIT 100;
