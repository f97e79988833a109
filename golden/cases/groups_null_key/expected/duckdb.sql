-- demo.logins 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: logins.id.required
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2"
FROM "public"."logins";

-- s2: logins.rows, logins.seconds.avg, logins.device.distinct
SELECT
  "country" AS "g1",
  COUNT(*) AS "m3",
  SUM("seconds") AS "m4",
  COUNT("seconds") AS "m5",
  COUNT(DISTINCT "device") AS "m7"
FROM "public"."logins"
GROUP BY "country";

-- s3: logins.per_device
SELECT
  "country" AS "g1",
  "device" AS "g2",
  COUNT(*) AS "m8"
FROM "public"."logins"
GROUP BY "country", "device";

-- s4: logins.seconds.duplicates
SELECT
  "country" AS "g1",
  COALESCE(COUNT_IF("seconds" IS NOT NULL AND "assay_1" > 1), 0) AS "m6"
FROM (SELECT *, COUNT(*) OVER (PARTITION BY "assay_dataset"."country", "assay_dataset"."seconds") AS "assay_1" FROM "public"."logins" AS "assay_dataset") AS "assay_rows"
GROUP BY "country";

-- failed rows of logins.id.required
SELECT
  "id" AS "id"
FROM "public"."logins"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of logins.seconds.duplicates
SELECT
  "seconds" AS "seconds",
  "country" AS "country"
FROM "public"."logins"
WHERE "seconds" IN (SELECT "seconds" FROM "public"."logins" WHERE "seconds" IS NOT NULL GROUP BY "seconds" HAVING COUNT(*) > 1)
LIMIT 100;
