-- demo.deliveries 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: deliveries.id.required, deliveries.status.count, deliveries.late_share, deliveries.on_time, deliveries.known, deliveries.measured, deliveries.stand_ins, deliveries.slow_among_late
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("status" = 'late'), 0) AS "m3",
  COALESCE(COUNT_IF("status" = 'on time'), 0) AS "m4",
  COUNT("status") AS "m5",
  COUNT(CASE WHEN "minutes" NOT IN (-1) THEN "minutes" END) AS "m6",
  COALESCE(COUNT_IF("minutes" = -1), 0) AS "m7",
  COALESCE(COUNT_IF("minutes" > 30), 0) AS "m8",
  COALESCE(COUNT_IF("status" = 'lost'), 0) AS "m9"
FROM "public"."deliveries";

-- failed rows of deliveries.id.required
SELECT
  "id" AS "id"
FROM "public"."deliveries"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of deliveries.status.count
SELECT
  "status" AS "status"
FROM "public"."deliveries"
WHERE "status" = 'late'
LIMIT 100;

-- failed rows of deliveries.late_share
SELECT
  "status" AS "status"
FROM "public"."deliveries"
WHERE "status" = 'late'
LIMIT 100;
