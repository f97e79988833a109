-- demo.trips 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: trips.id.required, trips.start_at.required, trips.ends_later, trips.moved, trips.ends_later.violations, trips.moved.violations, trips.moved_strict, trips.both_rules
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("start_at") AS "m3",
  COALESCE(COUNT_IF("end_at" <= "start_at"), 0) AS "m4",
  COALESCE(COUNT_IF("end_at" IS NOT NULL AND "distance" <= 0), 0) AS "m5",
  COALESCE(COUNT_IF("end_at" IS NOT NULL), 0) AS "m6"
FROM "public"."trips";

-- failed rows of trips.id.required
SELECT
  "id" AS "id"
FROM "public"."trips"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of trips.start_at.required
SELECT
  "start_at" AS "start_at"
FROM "public"."trips"
WHERE "start_at" IS NULL
LIMIT 100;

-- failed rows of trips.ends_later
SELECT
  "end_at" AS "end_at",
  "start_at" AS "start_at"
FROM "public"."trips"
WHERE "end_at" <= "start_at"
LIMIT 100;

-- failed rows of trips.moved
SELECT
  "distance" AS "distance",
  "end_at" AS "end_at"
FROM "public"."trips"
WHERE "end_at" IS NOT NULL
  AND "distance" <= 0
LIMIT 100;

-- failed rows of trips.ends_later.violations
SELECT
  "id" AS "id",
  "start_at" AS "start_at",
  "end_at" AS "end_at",
  "distance" AS "distance"
FROM "public"."trips"
WHERE "end_at" <= "start_at"
LIMIT 100;

-- failed rows of trips.moved.violations
SELECT
  "id" AS "id",
  "start_at" AS "start_at",
  "end_at" AS "end_at",
  "distance" AS "distance"
FROM "public"."trips"
WHERE "end_at" IS NOT NULL
  AND "distance" <= 0
LIMIT 100;

-- failed rows of trips.moved_strict
SELECT
  "id" AS "id",
  "start_at" AS "start_at",
  "end_at" AS "end_at",
  "distance" AS "distance"
FROM "public"."trips"
WHERE "end_at" IS NOT NULL
  AND "distance" <= 0
LIMIT 100;
