-- demo.raw 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: raw.line.required, raw.line.unique, raw.amount.required, raw.day.matches, raw.amount_positive, raw.amount_positive_if_number, raw.is_number, raw.is_day, raw.in_year, raw.total, raw.total_of_numbers, raw.amount.missing, raw.flags
SELECT
  COUNT(*) AS "m1",
  COUNT("line") AS "m2",
  COUNT("amount") AS "m5",
  COUNT(*) FILTER (WHERE NOT "day" ~ '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$') AS "m6",
  COUNT(*) FILTER (WHERE CASE WHEN "amount" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CAST("amount" AS NUMERIC(10, 2)) ELSE CAST('unfit ' || "amount" AS NUMERIC(10, 2)) END <= 0) AS "m7",
  COUNT(*) FILTER (WHERE CASE WHEN "amount" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CASE WHEN ABS(ROUND(CAST("amount" AS NUMERIC), 2)) < 100000000 THEN CAST("amount" AS NUMERIC(10, 2)) END END <= 0) AS "m8",
  COUNT(*) FILTER (WHERE CASE WHEN "amount" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CAST("amount" AS DOUBLE PRECISION) END IS NULL) AS "m9",
  COUNT(*) FILTER (WHERE CASE WHEN "day" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN CASE WHEN LEFT("day", 4) <> '0000' THEN CASE WHEN CAST(SUBSTR("day", 9, 2) AS INTEGER) <= EXTRACT(DAY FROM CAST(SUBSTR("day", 1, 8) || '01' AS DATE) + CAST('1 month -1 day' AS INTERVAL)) THEN CAST("day" AS DATE) END END END IS NULL) AS "m10",
  COUNT(*) FILTER (WHERE CASE WHEN "day" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN CAST("day" AS DATE) ELSE CAST('unfit ' || "day" AS DATE) END < CAST('2024-01-01' AS DATE)) AS "m11",
  CAST(SUM(CASE WHEN "amount" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CAST("amount" AS NUMERIC(10, 2)) ELSE CAST('unfit ' || "amount" AS NUMERIC(10, 2)) END) AS NUMERIC(38, 2)) AS "m12",
  CAST(SUM(CASE WHEN "amount" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CASE WHEN ABS(ROUND(CAST("amount" AS NUMERIC), 2)) < 100000000 THEN CAST("amount" AS NUMERIC(10, 2)) END END) AS NUMERIC(38, 2)) AS "m13",
  COUNT(*) FILTER (WHERE CASE WHEN LOWER("flag") IN ('true', 't', 'yes', 'y', '1') THEN TRUE WHEN LOWER("flag") IN ('false', 'f', 'no', 'n', '0') THEN FALSE END IS NOT NULL) AS "m14"
FROM "public"."raw";

-- s2: raw.line.unique
SELECT
  COUNT(DISTINCT "line") AS "m3"
FROM "public"."raw";

-- s3: raw.line.unique
-- only where (m2 - m3) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
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
WHERE NOT "day" ~ '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$'
LIMIT 100;

-- failed rows of raw.amount_positive
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE CASE WHEN "amount" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CAST("amount" AS NUMERIC(10, 2)) ELSE CAST('unfit ' || "amount" AS NUMERIC(10, 2)) END <= 0
LIMIT 100;

-- failed rows of raw.amount_positive_if_number
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE CASE WHEN "amount" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CASE WHEN ABS(ROUND(CAST("amount" AS NUMERIC), 2)) < 100000000 THEN CAST("amount" AS NUMERIC(10, 2)) END END <= 0
LIMIT 100;

-- failed rows of raw.is_number
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE CASE WHEN "amount" ~ '^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$' THEN CAST("amount" AS DOUBLE PRECISION) END IS NULL
LIMIT 100;

-- failed rows of raw.is_day
SELECT
  "line" AS "line",
  "day" AS "day"
FROM "public"."raw"
WHERE CASE WHEN "day" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN CASE WHEN LEFT("day", 4) <> '0000' THEN CASE WHEN CAST(SUBSTR("day", 9, 2) AS INTEGER) <= EXTRACT(DAY FROM CAST(SUBSTR("day", 1, 8) || '01' AS DATE) + CAST('1 month -1 day' AS INTERVAL)) THEN CAST("day" AS DATE) END END END IS NULL
LIMIT 100;

-- failed rows of raw.in_year
SELECT
  "line" AS "line",
  "day" AS "day"
FROM "public"."raw"
WHERE CASE WHEN "day" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN CAST("day" AS DATE) ELSE CAST('unfit ' || "day" AS DATE) END < CAST('2024-01-01' AS DATE)
LIMIT 100;

-- failed rows of raw.amount.missing
SELECT
  "line" AS "line",
  "amount" AS "amount"
FROM "public"."raw"
WHERE "amount" IS NULL
LIMIT 100;
