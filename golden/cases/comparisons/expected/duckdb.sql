-- demo.limits 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: limits.above.compare, limits.at_least.compare, limits.below.compare, limits.at_most.compare, limits.same.compare, limits.other.compare, limits.day.compare, limits.flag.compare
SELECT
  COALESCE(COUNT_IF("above" <= 0), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF("at_least" < 0.5), 0) AS "m3",
  COALESCE(COUNT_IF("below" >= 1000000), 0) AS "m4",
  COALESCE(COUNT_IF("at_most" > 10), 0) AS "m5",
  COALESCE(COUNT_IF("same" <> 'yes'), 0) AS "m6",
  COALESCE(COUNT_IF("other" = 'no'), 0) AS "m7",
  COALESCE(COUNT_IF("day" < CAST('2024-01-01' AS DATE)), 0) AS "m8",
  COALESCE(COUNT_IF("flag" <> TRUE), 0) AS "m9"
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
