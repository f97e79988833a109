-- demo.moments 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: moments.id.required, moments.parts, moments.weekday, moments.last_day, moments.clock, moments.zone, moments.truncated, moments.truncated_at, moments.truncated_second, moments.truncated_abs, moments.truncated_more, moments.shifted, moments.month_end, moments.shifted_at, moments.shifted_abs, moments.half_day, moments.apart, moments.elapsed, moments.elapsed_abs, moments.date_meets_timestamp, moments.times, moments.recent, moments.today, moments.old
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CAST(EXTRACT(YEAR FROM "day") AS INTEGER) = 2024 AND CAST(EXTRACT(QUARTER FROM "day") AS INTEGER) = 1 AND CAST(EXTRACT(MONTH FROM "day") AS INTEGER) = 2 AND CAST(EXTRACT(DAY FROM "day") AS INTEGER) = 29)), 0) AS "m3",
  COALESCE(COUNT_IF("id" = 1), 0) AS "m4",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CAST(EXTRACT(ISODOW FROM "day") AS INTEGER) = 4 AND CAST(EXTRACT(DOY FROM "day") AS INTEGER) = 60)), 0) AS "m5",
  COALESCE(COUNT_IF("id" = 2 AND NOT (CAST(EXTRACT(ISODOW FROM "day") AS INTEGER) = 2 AND CAST(EXTRACT(DOY FROM "day") AS INTEGER) = 366)), 0) AS "m6",
  COALESCE(COUNT_IF("id" = 2), 0) AS "m7",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CAST(EXTRACT(HOUR FROM "at") AS INTEGER) = 23 AND CAST(EXTRACT(MINUTE FROM "at") AS INTEGER) = 59 AND CAST(FLOOR(EXTRACT(SECOND FROM "at")) AS INTEGER) = 59)), 0) AS "m8",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CAST(EXTRACT(HOUR FROM "abs") AS INTEGER) = 22 AND CAST(EXTRACT(DAY FROM "abs") AS INTEGER) = 28 AND CAST(EXTRACT(YEAR FROM "abs") AS INTEGER) = 2024)), 0) AS "m9",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CAST(DATE_TRUNC('month', CAST("day" AS TIMESTAMP)) AS DATE) = CAST('2024-02-01' AS DATE) AND CAST(DATE_TRUNC('week', CAST("day" AS TIMESTAMP)) AS DATE) = CAST('2024-02-26' AS DATE))), 0) AS "m10",
  COALESCE(COUNT_IF("id" = 1 AND DATE_TRUNC('hour', "at") <> CAST('2024-02-29 23:00:00' AS TIMESTAMP)), 0) AS "m11",
  COALESCE(COUNT_IF("id" = 1 AND DATE_TRUNC('second', "at") <> CAST('2024-02-29 23:59:59' AS TIMESTAMP)), 0) AS "m12",
  COALESCE(COUNT_IF("id" = 1 AND DATE_TRUNC('day', "abs") <> CAST('2024-02-28 00:00:00+00:00' AS TIMESTAMPTZ)), 0) AS "m13",
  COALESCE(COUNT_IF("id" = 1 AND NOT (DATE_TRUNC('quarter', "at") = CAST('2024-01-01 00:00:00' AS TIMESTAMP) AND DATE_TRUNC('year', "at") = CAST('2024-01-01 00:00:00' AS TIMESTAMP))), 0) AS "m14",
  COALESCE(COUNT_IF("id" = 1 AND NOT ("day" + 1 = CAST('2024-03-01' AS DATE) AND CAST("day" + CAST('-1 months' AS INTERVAL) AS DATE) = CAST('2024-01-29' AS DATE) AND CAST("day" + CAST('12 months' AS INTERVAL) AS DATE) = CAST('2025-02-28' AS DATE))), 0) AS "m15",
  COALESCE(COUNT_IF("id" = 2 AND CAST("day" + CAST('2 months' AS INTERVAL) AS DATE) <> CAST('2025-02-28' AS DATE)), 0) AS "m16",
  COALESCE(COUNT_IF("id" = 1 AND NOT ("at" + CAST('1000000 microseconds' AS INTERVAL) = CAST('2024-03-01 00:00:00.500000' AS TIMESTAMP) AND "at" + CAST('-1209600000000 microseconds' AS INTERVAL) = CAST('2024-02-15 23:59:59.500000' AS TIMESTAMP))), 0) AS "m17",
  COALESCE(COUNT_IF("id" = 1 AND "abs" + CAST('5400000000 microseconds' AS INTERVAL) <> CAST('2024-02-29 00:00:00+00:00' AS TIMESTAMPTZ)), 0) AS "m18",
  COALESCE(COUNT_IF("id" = 1 AND CAST("day" AS TIMESTAMP) + CAST('43200000000 microseconds' AS INTERVAL) <> CAST('2024-02-29 12:00:00' AS TIMESTAMP)), 0) AS "m19",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CAST("day" - CAST('2023-02-28' AS DATE) AS BIGINT) = 366 AND CAST(CAST('2024-02-28' AS DATE) - "day" AS BIGINT) = -1)), 0) AS "m20",
  COALESCE(COUNT_IF("id" = 1 AND EPOCH_US("at") - EPOCH_US(CAST('2024-02-29 22:00:00' AS TIMESTAMP)) NOT BETWEEN 3600000000 AND 7200000000), 0) AS "m21",
  COALESCE(COUNT_IF("id" = 1 AND EPOCH_US(CAST('2024-02-28 23:30:00+00:00' AS TIMESTAMPTZ)) - EPOCH_US("abs") <> 3600000000), 0) AS "m22",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST("day" AS TIMESTAMP) >= "at" THEN FALSE ELSE CAST("day" AS TIMESTAMP) < "at" AND CAST("day" AS TIMESTAMPTZ) <= "abs" + CAST('86400000000 microseconds' AS INTERVAL) END END), 0) AS "m23",
  COALESCE(COUNT_IF("id" = 1 AND NOT ("tod" > CAST('23:59:00' AS TIME) AND "tod" <= CAST('23:59:59.500000' AS TIME))), 0) AS "m24",
  COALESCE(COUNT_IF("id" = 1 AND "abs" NOT BETWEEN CAST($now AS TIMESTAMPTZ) + CAST('-86400000000 microseconds' AS INTERVAL) AND CAST($now AS TIMESTAMPTZ)), 0) AS "m25",
  COALESCE(COUNT_IF("id" = 1 AND "day" <> CAST($today AS DATE)), 0) AS "m26",
  COALESCE(COUNT_IF("id" = 2 AND NOT ("abs" < CAST($now AS TIMESTAMPTZ) + CAST('-12 months' AS INTERVAL) AND "day" > CAST($today AS DATE) + 30)), 0) AS "m27"
FROM "public"."moments";

-- failed rows of moments.id.required
SELECT
  "id" AS "id"
FROM "public"."moments"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of moments.parts
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT (CAST(EXTRACT(YEAR FROM "day") AS INTEGER) = 2024 AND CAST(EXTRACT(QUARTER FROM "day") AS INTEGER) = 1 AND CAST(EXTRACT(MONTH FROM "day") AS INTEGER) = 2 AND CAST(EXTRACT(DAY FROM "day") AS INTEGER) = 29)
LIMIT 100;

-- failed rows of moments.weekday
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT (CAST(EXTRACT(ISODOW FROM "day") AS INTEGER) = 4 AND CAST(EXTRACT(DOY FROM "day") AS INTEGER) = 60)
LIMIT 100;

-- failed rows of moments.last_day
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 2
  AND NOT (CAST(EXTRACT(ISODOW FROM "day") AS INTEGER) = 2 AND CAST(EXTRACT(DOY FROM "day") AS INTEGER) = 366)
LIMIT 100;

-- failed rows of moments.clock
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT (CAST(EXTRACT(HOUR FROM "at") AS INTEGER) = 23 AND CAST(EXTRACT(MINUTE FROM "at") AS INTEGER) = 59 AND CAST(FLOOR(EXTRACT(SECOND FROM "at")) AS INTEGER) = 59)
LIMIT 100;

-- failed rows of moments.zone
SELECT
  "abs" AS "abs",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT (CAST(EXTRACT(HOUR FROM "abs") AS INTEGER) = 22 AND CAST(EXTRACT(DAY FROM "abs") AS INTEGER) = 28 AND CAST(EXTRACT(YEAR FROM "abs") AS INTEGER) = 2024)
LIMIT 100;

-- failed rows of moments.truncated
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT (CAST(DATE_TRUNC('month', CAST("day" AS TIMESTAMP)) AS DATE) = CAST('2024-02-01' AS DATE) AND CAST(DATE_TRUNC('week', CAST("day" AS TIMESTAMP)) AS DATE) = CAST('2024-02-26' AS DATE))
LIMIT 100;

-- failed rows of moments.truncated_at
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND DATE_TRUNC('hour', "at") <> CAST('2024-02-29 23:00:00' AS TIMESTAMP)
LIMIT 100;

-- failed rows of moments.truncated_second
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND DATE_TRUNC('second', "at") <> CAST('2024-02-29 23:59:59' AS TIMESTAMP)
LIMIT 100;

-- failed rows of moments.truncated_abs
SELECT
  "abs" AS "abs",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND DATE_TRUNC('day', "abs") <> CAST('2024-02-28 00:00:00+00:00' AS TIMESTAMPTZ)
LIMIT 100;

-- failed rows of moments.truncated_more
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT (DATE_TRUNC('quarter', "at") = CAST('2024-01-01 00:00:00' AS TIMESTAMP) AND DATE_TRUNC('year', "at") = CAST('2024-01-01 00:00:00' AS TIMESTAMP))
LIMIT 100;

-- failed rows of moments.shifted
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT ("day" + 1 = CAST('2024-03-01' AS DATE) AND CAST("day" + CAST('-1 months' AS INTERVAL) AS DATE) = CAST('2024-01-29' AS DATE) AND CAST("day" + CAST('12 months' AS INTERVAL) AS DATE) = CAST('2025-02-28' AS DATE))
LIMIT 100;

-- failed rows of moments.month_end
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 2
  AND CAST("day" + CAST('2 months' AS INTERVAL) AS DATE) <> CAST('2025-02-28' AS DATE)
LIMIT 100;

-- failed rows of moments.shifted_at
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT ("at" + CAST('1000000 microseconds' AS INTERVAL) = CAST('2024-03-01 00:00:00.500000' AS TIMESTAMP) AND "at" + CAST('-1209600000000 microseconds' AS INTERVAL) = CAST('2024-02-15 23:59:59.500000' AS TIMESTAMP))
LIMIT 100;

-- failed rows of moments.shifted_abs
SELECT
  "abs" AS "abs",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND "abs" + CAST('5400000000 microseconds' AS INTERVAL) <> CAST('2024-02-29 00:00:00+00:00' AS TIMESTAMPTZ)
LIMIT 100;

-- failed rows of moments.half_day
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND CAST("day" AS TIMESTAMP) + CAST('43200000000 microseconds' AS INTERVAL) <> CAST('2024-02-29 12:00:00' AS TIMESTAMP)
LIMIT 100;

-- failed rows of moments.apart
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT (CAST("day" - CAST('2023-02-28' AS DATE) AS BIGINT) = 366 AND CAST(CAST('2024-02-28' AS DATE) - "day" AS BIGINT) = -1)
LIMIT 100;

-- failed rows of moments.elapsed
SELECT
  "at" AS "at",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND EPOCH_US("at") - EPOCH_US(CAST('2024-02-29 22:00:00' AS TIMESTAMP)) NOT BETWEEN 3600000000 AND 7200000000
LIMIT 100;

-- failed rows of moments.elapsed_abs
SELECT
  "abs" AS "abs",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND EPOCH_US(CAST('2024-02-28 23:30:00+00:00' AS TIMESTAMPTZ)) - EPOCH_US("abs") <> 3600000000
LIMIT 100;

-- failed rows of moments.date_meets_timestamp
SELECT
  "day" AS "day",
  "at" AS "at",
  "abs" AS "abs",
  "id" AS "id"
FROM "public"."moments"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST("day" AS TIMESTAMP) >= "at" THEN FALSE ELSE CAST("day" AS TIMESTAMP) < "at"
  AND CAST("day" AS TIMESTAMPTZ) <= "abs" + CAST('86400000000 microseconds' AS INTERVAL) END END
LIMIT 100;

-- failed rows of moments.times
SELECT
  "tod" AS "tod",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND NOT ("tod" > CAST('23:59:00' AS TIME) AND "tod" <= CAST('23:59:59.500000' AS TIME))
LIMIT 100;

-- failed rows of moments.recent
SELECT
  "abs" AS "abs",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND "abs" NOT BETWEEN CAST($now AS TIMESTAMPTZ) + CAST('-86400000000 microseconds' AS INTERVAL) AND CAST($now AS TIMESTAMPTZ)
LIMIT 100;

-- failed rows of moments.today
SELECT
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 1
  AND "day" <> CAST($today AS DATE)
LIMIT 100;

-- failed rows of moments.old
SELECT
  "abs" AS "abs",
  "day" AS "day",
  "id" AS "id"
FROM "public"."moments"
WHERE "id" = 2
  AND NOT ("abs" < CAST($now AS TIMESTAMPTZ) + CAST('-12 months' AS INTERVAL) AND "day" > CAST($today AS DATE) + 30)
LIMIT 100;
