-- demo.limits 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: limits.above.compare, limits.at_least.compare, limits.below.compare, limits.at_most.compare, limits.same.compare, limits.other.compare, limits.day.compare, limits.flag.compare
SELECT
  COUNT(*) FILTER (WHERE "above" <= 0) AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE "at_least" < 0.5) AS "m3",
  COUNT(*) FILTER (WHERE "below" >= 1000000) AS "m4",
  COUNT(*) FILTER (WHERE "at_most" > 10) AS "m5",
  COUNT(*) FILTER (WHERE "same" <> 'yes') AS "m6",
  COUNT(*) FILTER (WHERE "other" = 'no') AS "m7",
  COUNT(*) FILTER (WHERE "day" < CAST('2024-01-01' AS DATE)) AS "m8",
  COUNT(*) FILTER (WHERE "flag" <> TRUE) AS "m9"
FROM "public"."limits";

-- failed rows of limits.above.compare
SELECT
  "above" AS "above"
FROM "public"."limits"
WHERE "above" <= 0
LIMIT 100;

-- failed rows of limits.at_least.compare
SELECT
  "at_least" AS "at_least"
FROM "public"."limits"
WHERE "at_least" < 0.5
LIMIT 100;

-- failed rows of limits.below.compare
SELECT
  "below" AS "below"
FROM "public"."limits"
WHERE "below" >= 1000000
LIMIT 100;

-- failed rows of limits.at_most.compare
SELECT
  "at_most" AS "at_most"
FROM "public"."limits"
WHERE "at_most" > 10
LIMIT 100;

-- failed rows of limits.same.compare
SELECT
  "same" AS "same"
FROM "public"."limits"
WHERE "same" <> 'yes'
LIMIT 100;

-- failed rows of limits.other.compare
SELECT
  "other" AS "other"
FROM "public"."limits"
WHERE "other" = 'no'
LIMIT 100;

-- failed rows of limits.day.compare
SELECT
  "day" AS "day"
FROM "public"."limits"
WHERE "day" < CAST('2024-01-01' AS DATE)
LIMIT 100;

-- failed rows of limits.flag.compare
SELECT
  "flag" AS "flag"
FROM "public"."limits"
WHERE "flag" <> TRUE
LIMIT 100;
