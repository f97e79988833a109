-- demo.readings 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: readings.id.between, readings.level.between, readings.amount.between, readings.ratio.between, readings.day.between, readings.at.between, readings.seen.between, readings.clock.between, readings.initial.between
SELECT
  COALESCE(COUNT_IF("id" NOT BETWEEN 1 AND 6), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF("level" NOT BETWEEN -10 AND 10), 0) AS "m3",
  COALESCE(COUNT_IF("amount" NOT BETWEEN 0.01 AND 99.99), 0) AS "m4",
  COALESCE(COUNT_IF("ratio" NOT BETWEEN 0 AND 1), 0) AS "m5",
  COALESCE(COUNT_IF("day" NOT BETWEEN CAST('2024-01-01' AS DATE) AND CAST('2024-12-31' AS DATE)), 0) AS "m6",
  COALESCE(COUNT_IF("at" NOT BETWEEN CAST('2024-01-01 00:00:00' AS TIMESTAMP) AND CAST('2024-12-31 23:59:59.999999' AS TIMESTAMP)), 0) AS "m7",
  COALESCE(COUNT_IF("seen" NOT BETWEEN CAST('2024-01-01 00:00:00+00:00' AS TIMESTAMPTZ) AND CAST('2025-01-01 00:00:00+00:00' AS TIMESTAMPTZ)), 0) AS "m8",
  COALESCE(COUNT_IF("clock" NOT BETWEEN CAST('08:00:00' AS TIME) AND CAST('17:30:00' AS TIME)), 0) AS "m9",
  COALESCE(COUNT_IF("initial" NOT BETWEEN 'A' AND 'Z'), 0) AS "m10"
FROM "public"."readings";

-- failed rows of readings.id.between
SELECT
  "id" AS "id"
FROM "public"."readings"
WHERE "id" NOT BETWEEN 1 AND 6
LIMIT 100;

-- failed rows of readings.level.between
SELECT
  "level" AS "level"
FROM "public"."readings"
WHERE "level" NOT BETWEEN -10 AND 10
LIMIT 100;

-- failed rows of readings.amount.between
SELECT
  "amount" AS "amount"
FROM "public"."readings"
WHERE "amount" NOT BETWEEN 0.01 AND 99.99
LIMIT 100;

-- failed rows of readings.ratio.between
SELECT
  "ratio" AS "ratio"
FROM "public"."readings"
WHERE "ratio" NOT BETWEEN 0 AND 1
LIMIT 100;

-- failed rows of readings.day.between
SELECT
  "day" AS "day"
FROM "public"."readings"
WHERE "day" NOT BETWEEN CAST('2024-01-01' AS DATE) AND CAST('2024-12-31' AS DATE)
LIMIT 100;

-- failed rows of readings.at.between
SELECT
  "at" AS "at"
FROM "public"."readings"
WHERE "at" NOT BETWEEN CAST('2024-01-01 00:00:00' AS TIMESTAMP) AND CAST('2024-12-31 23:59:59.999999' AS TIMESTAMP)
LIMIT 100;

-- failed rows of readings.seen.between
SELECT
  "seen" AS "seen"
FROM "public"."readings"
WHERE "seen" NOT BETWEEN CAST('2024-01-01 00:00:00+00:00' AS TIMESTAMPTZ) AND CAST('2025-01-01 00:00:00+00:00' AS TIMESTAMPTZ)
LIMIT 100;

-- failed rows of readings.clock.between
SELECT
  "clock" AS "clock"
FROM "public"."readings"
WHERE "clock" NOT BETWEEN CAST('08:00:00' AS TIME) AND CAST('17:30:00' AS TIME)
LIMIT 100;

-- failed rows of readings.initial.between
SELECT
  "initial" AS "initial"
FROM "public"."readings"
WHERE "initial" NOT BETWEEN 'A' AND 'Z'
LIMIT 100;
