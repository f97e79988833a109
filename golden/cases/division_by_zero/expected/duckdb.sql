-- demo.rates 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: rates.id.required, rates.clicks.compare, rates.click_rate, rates.guarded_rate, rates.or_null, rates.odd_one, rates.mean_rate, rates.clicks.sum, rates.mean_of_viewed
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("clicks" < 0), 0) AS "m3",
  COALESCE(COUNT_IF(CASE WHEN "views" = 0 AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST("views" AS DOUBLE) END > 1), 0) AS "m4",
  COALESCE(COUNT_IF(NOT CASE WHEN "views" > 0 THEN CASE WHEN "views" = 0 AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST("views" AS DOUBLE) END <= 1 ELSE "clicks" = 0 END), 0) AS "m5",
  COALESCE(COUNT_IF(CASE WHEN NULLIF("views", 0) = 0 AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST(NULLIF("views", 0) AS DOUBLE) END > 1), 0) AS "m6",
  COALESCE(COUNT_IF(CASE WHEN "id" <> 3 THEN "id" % 2 <> 1 END), 0) AS "m7",
  COALESCE(COUNT_IF("id" <> 3), 0) AS "m8",
  SUM(CASE WHEN "views" = 0 AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST("views" AS DOUBLE) END) AS "m9",
  COUNT(CASE WHEN "views" = 0 AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST("views" AS DOUBLE) END) AS "m10",
  SUM("clicks") AS "m11",
  SUM(CASE WHEN "views" > 0 THEN CASE WHEN "views" = 0 AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST("views" AS DOUBLE) END END) AS "m12",
  COUNT(CASE WHEN "views" > 0 THEN CASE WHEN "views" = 0 AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST("views" AS DOUBLE) END END) AS "m13"
FROM "public"."rates";

-- failed rows of rates.id.required
SELECT
  "id" AS "id"
FROM "public"."rates"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of rates.clicks.compare
SELECT
  "clicks" AS "clicks"
FROM "public"."rates"
WHERE "clicks" < 0
LIMIT 100;

-- failed rows of rates.click_rate
SELECT
  "clicks" AS "clicks",
  "views" AS "views"
FROM "public"."rates"
WHERE CASE WHEN "views" = 0
  AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST("views" AS DOUBLE) END > 1
LIMIT 100;

-- failed rows of rates.guarded_rate
SELECT
  "views" AS "views",
  "clicks" AS "clicks"
FROM "public"."rates"
WHERE NOT CASE WHEN "views" > 0 THEN CASE WHEN "views" = 0
  AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST("views" AS DOUBLE) END <= 1 ELSE "clicks" = 0 END
LIMIT 100;

-- failed rows of rates.or_null
SELECT
  "clicks" AS "clicks",
  "views" AS "views"
FROM "public"."rates"
WHERE CASE WHEN NULLIF("views", 0) = 0
  AND "clicks" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("clicks" AS DOUBLE) / CAST(NULLIF("views", 0) AS DOUBLE) END > 1
LIMIT 100;

-- failed rows of rates.odd_one
SELECT
  "id" AS "id"
FROM "public"."rates"
WHERE CASE WHEN "id" <> 3 THEN "id" % 2 <> 1 END
LIMIT 100;
