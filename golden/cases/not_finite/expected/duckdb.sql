-- demo.sensors 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: sensors.id.required, sensors.x.compare, sensors.y.between, sensors.z.unique, sensors.clean.compare, sensors.x.max, sensors.x.min, sensors.x.sum, sensors.y.avg, sensors.y.min, sensors.clean.max, sensors.clean.sum, sensors.z.distinct, sensors.high
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("x" > 100), 0) AS "m3",
  COALESCE(COUNT_IF("y" NOT BETWEEN -10 AND 10), 0) AS "m4",
  COALESCE(COUNT_IF("clean" < 0), 0) AS "m7",
  MAX("x") AS "m8",
  MIN("x") AS "m9",
  SUM("x") AS "m10",
  SUM("y") AS "m11",
  COUNT("y") AS "m12",
  MIN("y") AS "m13",
  MAX("clean") AS "m14",
  SUM("clean") AS "m15",
  COUNT(DISTINCT "z") AS "m16",
  COALESCE(COUNT_IF("x" > 50), 0) AS "m17"
FROM "public"."sensors";

-- s2: sensors.z.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m5"
FROM (SELECT "z" <= LAG("z") OVER () AS "assay_step" FROM "public"."sensors" WHERE "z" IS NOT NULL) AS "assay_keys";

-- s3: sensors.z.unique
-- only where m5 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m6"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."sensors" WHERE "z" IS NOT NULL GROUP BY "z" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of sensors.id.required
SELECT
  "id" AS "id"
FROM "public"."sensors"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of sensors.x.compare
SELECT
  "x" AS "x"
FROM "public"."sensors"
WHERE "x" > 100
LIMIT 100;

-- failed rows of sensors.y.between
SELECT
  "y" AS "y"
FROM "public"."sensors"
WHERE "y" NOT BETWEEN -10 AND 10
LIMIT 100;

-- failed rows of sensors.z.unique
SELECT
  "z" AS "z"
FROM "public"."sensors"
WHERE "z" IN (SELECT "z" FROM "public"."sensors" WHERE "z" IS NOT NULL GROUP BY "z" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of sensors.clean.compare
SELECT
  "clean" AS "clean"
FROM "public"."sensors"
WHERE "clean" < 0
LIMIT 100;
