-- demo.rates 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: rates.id.required, rates.clicks.compare, rates.click_rate, rates.guarded_rate, rates.or_null, rates.odd_one, rates.mean_rate, rates.clicks.sum, rates.mean_of_viewed
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE "clicks" < 0) AS "m3",
  COUNT(*) FILTER (WHERE CAST("clicks" AS DOUBLE PRECISION) / CAST("views" AS DOUBLE PRECISION) > 1) AS "m4",
  COUNT(*) FILTER (WHERE NOT CASE WHEN "views" > 0 THEN CAST("clicks" AS DOUBLE PRECISION) / CAST("views" AS DOUBLE PRECISION) <= 1 ELSE "clicks" = 0 END) AS "m5",
  COUNT(*) FILTER (WHERE CAST("clicks" AS DOUBLE PRECISION) / CAST(NULLIF("views", 0) AS DOUBLE PRECISION) > 1) AS "m6",
  COUNT(*) FILTER (WHERE CASE WHEN "id" <> 3 THEN "id" % 2 <> 1 END) AS "m7",
  COUNT(*) FILTER (WHERE "id" <> 3) AS "m8",
  SUM(CAST("clicks" AS DOUBLE PRECISION) / CAST("views" AS DOUBLE PRECISION)) AS "m9",
  COUNT(CAST("clicks" AS DOUBLE PRECISION) / CAST("views" AS DOUBLE PRECISION)) AS "m10",
  SUM("clicks") AS "m11",
  SUM(CASE WHEN "views" > 0 THEN CAST("clicks" AS DOUBLE PRECISION) / CAST("views" AS DOUBLE PRECISION) END) AS "m12",
  COUNT(CASE WHEN "views" > 0 THEN CAST("clicks" AS DOUBLE PRECISION) / CAST("views" AS DOUBLE PRECISION) END) AS "m13"
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
WHERE CAST("clicks" AS DOUBLE PRECISION) / CAST("views" AS DOUBLE PRECISION) > 1
LIMIT 100;

-- failed rows of rates.guarded_rate
SELECT
  "views" AS "views",
  "clicks" AS "clicks"
FROM "public"."rates"
WHERE NOT CASE WHEN "views" > 0 THEN CAST("clicks" AS DOUBLE PRECISION) / CAST("views" AS DOUBLE PRECISION) <= 1 ELSE "clicks" = 0 END
LIMIT 100;

-- failed rows of rates.or_null
SELECT
  "clicks" AS "clicks",
  "views" AS "views"
FROM "public"."rates"
WHERE CAST("clicks" AS DOUBLE PRECISION) / CAST(NULLIF("views", 0) AS DOUBLE PRECISION) > 1
LIMIT 100;

-- failed rows of rates.odd_one
SELECT
  "id" AS "id"
FROM "public"."rates"
WHERE CASE WHEN "id" <> 3 THEN "id" % 2 <> 1 END
LIMIT 100;
