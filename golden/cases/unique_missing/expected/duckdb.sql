-- demo.devices 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: devices.id.required, devices.id.unique, devices.serial.unique, devices.asset.unique, devices.serial.duplicates, devices.serial.distinct
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(CASE WHEN "asset" NOT IN (0) THEN "asset" END) AS "m10",
  COUNT(DISTINCT CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END) AS "m12"
FROM "public"."devices";

-- s2: devices.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."devices" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: devices.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."devices" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: devices.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."devices" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: devices.serial.unique, devices.serial.duplicates
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m6"
FROM (SELECT CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END <= LAG(CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END) OVER () AS "assay_step" FROM "public"."devices" WHERE CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END IS NOT NULL) AS "assay_keys";

-- s6: devices.serial.unique, devices.serial.duplicates
-- only where m6 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m7"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."devices" WHERE CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END IS NOT NULL GROUP BY CASE WHEN "serial" NOT IN ('none', '') THEN "serial" END HAVING COUNT(*) > 1) AS "assay_keys";

-- s7: devices.asset.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m8"
FROM (SELECT CASE WHEN "asset" NOT IN (0) THEN "asset" END <= LAG(CASE WHEN "asset" NOT IN (0) THEN "asset" END) OVER () AS "assay_step" FROM "public"."devices" WHERE CASE WHEN "asset" NOT IN (0) THEN "asset" END IS NOT NULL) AS "assay_keys";

-- s8: devices.asset.unique
-- only where m8 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m9"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST(CASE WHEN "asset" NOT IN (0) THEN "asset" END & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."devices" WHERE CASE WHEN "asset" NOT IN (0) THEN "asset" END IS NOT NULL GROUP BY CASE WHEN "asset" NOT IN (0) THEN "asset" END >> 6) AS "assay_keys";

-- s9: devices.asset.unique
-- only where (m8 * (m10 - m9)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m11"
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
