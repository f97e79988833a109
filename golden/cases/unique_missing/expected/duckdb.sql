-- demo.devices 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: devices.id.required, devices.id.unique, devices.serial.unique, devices.asset.unique, devices.serial.duplicates, devices.serial.distinct
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(DISTINCT "id") AS "m3",
  COUNT(CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END) AS "m5",
  COUNT(DISTINCT CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END) AS "m6",
  COUNT(CASE WHEN "asset" NOT IN (0) THEN "asset" END) AS "m8",
  COUNT(DISTINCT CASE WHEN "asset" NOT IN (0) THEN "asset" END) AS "m9"
FROM "public"."devices";

-- s2: devices.id.unique
-- only where (m2 - m3) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."devices" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s3: devices.serial.unique, devices.serial.duplicates
-- only where (m5 - m6) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m7"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."devices" WHERE CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END IS NOT NULL GROUP BY CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: devices.asset.unique
-- only where (m8 - m9) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m10"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."devices" WHERE CASE WHEN "asset" NOT IN (0) THEN "asset" END IS NOT NULL GROUP BY CASE WHEN "asset" NOT IN (0) THEN "asset" END HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of devices.id.required
SELECT
  "id" AS "id"
FROM "public"."devices"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of devices.id.unique
SELECT
  "id" AS "id"
FROM "public"."devices"
WHERE "id" IN (SELECT "id" FROM "public"."devices" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of devices.serial.unique
SELECT
  "id" AS "id",
  "serial" AS "serial"
FROM "public"."devices"
WHERE CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END IN (SELECT CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END FROM "public"."devices" WHERE CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END IS NOT NULL GROUP BY CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of devices.asset.unique
SELECT
  "id" AS "id",
  "asset" AS "asset"
FROM "public"."devices"
WHERE CASE WHEN "asset" NOT IN (0) THEN "asset" END IN (SELECT CASE WHEN "asset" NOT IN (0) THEN "asset" END FROM "public"."devices" WHERE CASE WHEN "asset" NOT IN (0) THEN "asset" END IS NOT NULL GROUP BY CASE WHEN "asset" NOT IN (0) THEN "asset" END HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of devices.serial.duplicates
SELECT
  "id" AS "id",
  "serial" AS "serial"
FROM "public"."devices"
WHERE CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END IN (SELECT CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END FROM "public"."devices" WHERE CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END IS NOT NULL GROUP BY CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END HAVING COUNT(*) > 1)
LIMIT 100;
