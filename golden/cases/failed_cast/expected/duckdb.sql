-- demo.raw 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: raw.line.required, raw.line.unique, raw.amount.required, raw.day.matches, raw.amount_positive, raw.amount_positive_if_number, raw.is_number, raw.is_day, raw.in_year, raw.total, raw.total_of_numbers, raw.amount.missing, raw.flags
SELECT
  COUNT(*) AS "m1",
  COUNT("line") AS "m2",
  COUNT("amount") AS "m6",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("day", '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$')), 0) AS "m7",
  COALESCE(COUNT_IF(CASE WHEN NOT REGEXP_MATCHES("amount", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN ERROR('not a decimal') ELSE CAST("amount" AS DECIMAL(10, 2)) END <= 0), 0) AS "m8",
  COALESCE(COUNT_IF(CASE WHEN REGEXP_MATCHES("amount", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN TRY_CAST("amount" AS DECIMAL(10, 2)) END <= 0), 0) AS "m9",
  COALESCE(COUNT_IF(CASE WHEN REGEXP_MATCHES("amount", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN TRY_CAST("amount" AS DOUBLE) END IS NULL), 0) AS "m10",
  COALESCE(COUNT_IF(CASE WHEN REGEXP_MATCHES("day", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') THEN TRY_CAST("day" AS DATE) END IS NULL), 0) AS "m11",
  COALESCE(COUNT_IF(CASE WHEN NOT REGEXP_MATCHES("day", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') THEN ERROR('not a date') ELSE CAST("day" AS DATE) END < CAST('2024-01-01' AS DATE)), 0) AS "m12",
  CAST(SUM(CASE WHEN NOT REGEXP_MATCHES("amount", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN ERROR('not a decimal') ELSE CAST("amount" AS DECIMAL(10, 2)) END) AS DECIMAL(38, 2)) AS "m13",
  CAST(SUM(CASE WHEN REGEXP_MATCHES("amount", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN TRY_CAST("amount" AS DECIMAL(10, 2)) END) AS DECIMAL(38, 2)) AS "m14",
  COALESCE(COUNT_IF(CASE WHEN LOWER("flag") IN ('true', 't', 'yes', 'y', '1') THEN TRUE WHEN LOWER("flag") IN ('false', 'f', 'no', 'n', '0') THEN FALSE END IS NOT NULL), 0) AS "m15"
FROM "public"."raw";

-- s2: raw.line.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "line" <= LAG("line") OVER () AS "assay_step" FROM "public"."raw" WHERE "line" IS NOT NULL) AS "assay_keys";

-- s3: raw.line.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("line" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."raw" WHERE "line" IS NOT NULL GROUP BY "line" >> 6) AS "assay_keys";

-- s4: raw.line.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."raw" WHERE "line" IS NOT NULL GROUP BY "line" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of raw.line.required
SELECT
  "line" AS "line"
FROM "public"."raw"
WHERE "line" IS NULL
LIMIT 100;

-- failed rows of raw.line.unique
SELECT
  "line" AS "line"
FROM "public"."raw"
WHERE "line" IN (SELECT "line" FROM "public"."raw" WHERE "line" IS NOT NULL GROUP BY "line" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of raw.amount.required
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE "amount" IS NULL
LIMIT 100;

-- failed rows of raw.day.matches
SELECT
  "line" AS "line",
  "day" AS "day"
FROM "public"."raw"
WHERE NOT REGEXP_MATCHES("day", '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$')
LIMIT 100;

-- failed rows of raw.amount_positive
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE CASE WHEN NOT REGEXP_MATCHES("amount", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN ERROR('not a decimal') ELSE CAST("amount" AS DECIMAL(10, 2)) END <= 0
LIMIT 100;

-- failed rows of raw.amount_positive_if_number
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE CASE WHEN REGEXP_MATCHES("amount", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN TRY_CAST("amount" AS DECIMAL(10, 2)) END <= 0
LIMIT 100;

-- failed rows of raw.is_number
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE CASE WHEN REGEXP_MATCHES("amount", '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$') THEN TRY_CAST("amount" AS DOUBLE) END IS NULL
LIMIT 100;

-- failed rows of raw.is_day
SELECT
  "line" AS "line",
  "day" AS "day"
FROM "public"."raw"
WHERE CASE WHEN REGEXP_MATCHES("day", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') THEN TRY_CAST("day" AS DATE) END IS NULL
LIMIT 100;

-- failed rows of raw.in_year
SELECT
  "line" AS "line",
  "day" AS "day"
FROM "public"."raw"
WHERE CASE WHEN NOT REGEXP_MATCHES("day", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') THEN ERROR('not a date') ELSE CAST("day" AS DATE) END < CAST('2024-01-01' AS DATE)
LIMIT 100;

-- failed rows of raw.amount.missing
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE "amount" IS NULL
LIMIT 100;
