-- demo.runs 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date), 3 yesterday (date), 4 month_ago (timestamptz), 5 noon (time), 6 local_at (timestamp), 7 factor (double), 8 limit_by (bigint), 9 strict (boolean), 10 mode (varchar)

-- s1: runs.id.required, runs.day.compare, runs.started_at.compare, runs.clock.compare, runs.local.compare, runs.seconds.compare, runs.loaded.compare, runs.mode_name.compare, runs.strict_mode, runs.slow, runs.longest
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("day" <> CAST($yesterday AS DATE)), 0) AS "m3",
  COALESCE(COUNT_IF("started_at" <= CAST($month_ago AS TIMESTAMPTZ)), 0) AS "m4",
  COALESCE(COUNT_IF("clock" >= CAST($noon AS TIME)), 0) AS "m5",
  COALESCE(COUNT_IF("local" < CAST($local_at AS TIMESTAMP)), 0) AS "m6",
  COALESCE(COUNT_IF("seconds" > 100), 0) AS "m7",
  COALESCE(COUNT_IF("loaded" > CAST($limit_by AS BIGINT)), 0) AS "m8",
  COALESCE(COUNT_IF("mode_name" <> CAST($mode AS VARCHAR)), 0) AS "m9",
  COALESCE(COUNT_IF(CAST($strict AS BOOLEAN) AND "seconds" >= 10), 0) AS "m10",
  COALESCE(COUNT_IF(CAST($strict AS BOOLEAN)), 0) AS "m11",
  COALESCE(COUNT_IF(CASE WHEN NOT ISFINITE("seconds" * CAST($factor AS DOUBLE)) AND ISFINITE("seconds") AND ISFINITE(CAST($factor AS DOUBLE)) THEN ERROR('out of range') ELSE "seconds" * CAST($factor AS DOUBLE) END >= 100), 0) AS "m12",
  MAX("seconds") AS "m13"
FROM "public"."runs";

-- failed rows of runs.id.required
SELECT
  "id" AS "id"
FROM "public"."runs"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of runs.day.compare
SELECT
  "day" AS "day"
FROM "public"."runs"
WHERE "day" <> CAST($yesterday AS DATE)
LIMIT 100;

-- failed rows of runs.started_at.compare
SELECT
  "started_at" AS "started_at"
FROM "public"."runs"
WHERE "started_at" <= CAST($month_ago AS TIMESTAMPTZ)
LIMIT 100;

-- failed rows of runs.clock.compare
SELECT
  "clock" AS "clock"
FROM "public"."runs"
WHERE "clock" >= CAST($noon AS TIME)
LIMIT 100;

-- failed rows of runs.local.compare
SELECT
  "local" AS "local"
FROM "public"."runs"
WHERE "local" < CAST($local_at AS TIMESTAMP)
LIMIT 100;

-- failed rows of runs.seconds.compare
SELECT
  "seconds" AS "seconds"
FROM "public"."runs"
WHERE "seconds" > 100
LIMIT 100;

-- failed rows of runs.loaded.compare
SELECT
  "loaded" AS "loaded"
FROM "public"."runs"
WHERE "loaded" > CAST($limit_by AS BIGINT)
LIMIT 100;

-- failed rows of runs.mode_name.compare
SELECT
  "mode_name" AS "mode_name"
FROM "public"."runs"
WHERE "mode_name" <> CAST($mode AS VARCHAR)
LIMIT 100;

-- failed rows of runs.strict_mode
SELECT
  "seconds" AS "seconds"
FROM "public"."runs"
WHERE CAST($strict AS BOOLEAN)
  AND "seconds" >= 10
LIMIT 100;

-- failed rows of runs.slow
SELECT
  "seconds" AS "seconds"
FROM "public"."runs"
WHERE CASE WHEN NOT ISFINITE("seconds" * CAST($factor AS DOUBLE))
  AND ISFINITE("seconds")
  AND ISFINITE(CAST($factor AS DOUBLE)) THEN ERROR('out of range') ELSE "seconds" * CAST($factor AS DOUBLE) END >= 100
LIMIT 100;
