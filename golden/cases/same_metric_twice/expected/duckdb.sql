-- demo.readings 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: readings.value.between, readings.usual, readings.enough, readings.day.in, readings.last_day, readings.code.matches, readings.ends, readings.code.length, readings.long_enough, readings.small, readings.large, readings.value.avg, readings.average_of_2, readings.none_missing, readings.few_missing, readings.missing_on_2, readings.highest
SELECT
  COALESCE(COUNT_IF("value" NOT BETWEEN 0 AND 100), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF("value" NOT BETWEEN 0 AND 50), 0) AS "m3",
  COALESCE(COUNT_IF("day" > 1 AND "value" < 10), 0) AS "m4",
  COALESCE(COUNT_IF("day" > 1), 0) AS "m5",
  COALESCE(COUNT_IF("day" NOT IN (0) AND "day" NOT IN (1, 2, 3)), 0) AS "m6",
  COALESCE(COUNT_IF("day" NOT IN (0) AND "day" IN (3)), 0) AS "m7",
  COALESCE(COUNT_IF(NOT STARTS_WITH("code", 'a')), 0) AS "m8",
  COALESCE(COUNT_IF(NOT SUFFIX("code", 'b')), 0) AS "m9",
  COALESCE(COUNT_IF(LENGTH("code") > 3), 0) AS "m10",
  COALESCE(COUNT_IF(LENGTH("code") < 2), 0) AS "m11",
  COALESCE(COUNT_IF("value" >= 60), 0) AS "m12",
  COALESCE(COUNT_IF("value" <= 60), 0) AS "m13",
  SUM("value") AS "m14",
  COUNT("value") AS "m15",
  SUM("value") FILTER (WHERE "day" = 2) AS "m16",
  COUNT("value") FILTER (WHERE "day" = 2) AS "m17",
  COALESCE(COUNT_IF("day" = 2), 0) AS "m20",
  MAX("value") AS "m21"
FROM "public"."readings";

-- s2: readings.average_by_day, readings.highest_by_day
SELECT
  "day" AS "g1",
  SUM("value") AS "m18",
  COUNT("value") AS "m19",
  MAX("value") AS "m22"
FROM "public"."readings"
GROUP BY "day";

-- failed rows of readings.value.between
SELECT
  "value" AS "value"
FROM "public"."readings"
WHERE "value" NOT BETWEEN 0 AND 100
LIMIT 100;

-- failed rows of readings.usual
SELECT
  "value" AS "value"
FROM "public"."readings"
WHERE "value" NOT BETWEEN 0 AND 50
LIMIT 100;

-- failed rows of readings.enough
SELECT
  "value" AS "value"
FROM "public"."readings"
WHERE "day" > 1
  AND "value" < 10
LIMIT 100;

-- failed rows of readings.day.in
SELECT
  "day" AS "day"
FROM "public"."readings"
WHERE "day" NOT IN (0)
  AND "day" NOT IN (1, 2, 3)
LIMIT 100;

-- failed rows of readings.last_day
SELECT
  "day" AS "day"
FROM "public"."readings"
WHERE "day" NOT IN (0)
  AND "day" IN (3)
LIMIT 100;

-- failed rows of readings.code.matches
SELECT
  "code" AS "code"
FROM "public"."readings"
WHERE NOT STARTS_WITH("code", 'a')
LIMIT 100;

-- failed rows of readings.ends
SELECT
  "code" AS "code"
FROM "public"."readings"
WHERE NOT SUFFIX("code", 'b')
LIMIT 100;

-- failed rows of readings.code.length
SELECT
  "code" AS "code"
FROM "public"."readings"
WHERE LENGTH("code") > 3
LIMIT 100;

-- failed rows of readings.long_enough
SELECT
  "code" AS "code"
FROM "public"."readings"
WHERE LENGTH("code") < 2
LIMIT 100;

-- failed rows of readings.small
SELECT
  "value" AS "value"
FROM "public"."readings"
WHERE "value" >= 60
LIMIT 100;

-- failed rows of readings.large
SELECT
  "value" AS "value"
FROM "public"."readings"
WHERE "value" <= 60
LIMIT 100;

-- failed rows of readings.none_missing
SELECT
  "value" AS "value"
FROM "public"."readings"
WHERE "value" IS NULL
LIMIT 100;

-- failed rows of readings.few_missing
SELECT
  "value" AS "value"
FROM "public"."readings"
WHERE "value" IS NULL
LIMIT 100;
