-- plant.sensors 4.2.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: sensors.sensor.required, sensors.read_at.required, sensors.temperature.between, sensors.humidity.between, sensors.voltage.compare, sensors.sensor+read_at.unique, sensors.both_or_none, sensors.temperature+humidity.correlation, sensors.voltage.median, sensors.temperature.missing, sensors.humidity.variance, sensors.read_at.max
SELECT
  COUNT(*) AS "m1",
  COUNT("sensor") AS "m2",
  COUNT("read_at") AS "m3",
  COALESCE(COUNT_IF("temperature" NOT IN (-9999) AND "temperature" NOT BETWEEN -40 AND 60), 0) AS "m4",
  COALESCE(COUNT_IF("humidity" NOT BETWEEN 0 AND 100), 0) AS "m5",
  COALESCE(COUNT_IF(CAST("voltage" AS DOUBLE) < 3), 0) AS "m6",
  COALESCE(COUNT_IF(("temperature" IS NULL) <> ("humidity" IS NULL)), 0) AS "m8",
  CASE WHEN MIN(CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END) FILTER (WHERE "humidity" IS NOT NULL) < MAX(CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END) FILTER (WHERE "humidity" IS NOT NULL) AND MIN("humidity") FILTER (WHERE CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END IS NOT NULL) < MAX("humidity") FILTER (WHERE CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END IS NOT NULL) THEN CORR(CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END, "humidity") END AS "m12",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("voltage" AS DOUBLE)) AS "m13",
  COALESCE(COUNT_IF("temperature" IS NULL OR "temperature" IN (-9999)), 0) AS "m14",
  VAR_SAMP("humidity") * CASE WHEN MIN("humidity") < MAX("humidity") THEN 1 ELSE 0 END AS "m15",
  MAX("read_at") AS "m16"
FROM "public"."sensors";

-- s2: sensors.sensor+read_at.unique
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m7"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."sensors" WHERE "sensor" IS NOT NULL AND "read_at" IS NOT NULL GROUP BY "sensor", "read_at" HAVING COUNT(*) > 1) AS "assay_keys";

-- s3: sensors.temperature.stddev, sensors.temperature.avg
SELECT
  "sensor" AS "g1",
  STDDEV_SAMP(CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END) * CASE WHEN MIN(CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END) < MAX(CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END) THEN 1 ELSE 0 END AS "m9",
  SUM(CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END) AS "m10",
  COUNT(CASE WHEN "temperature" NOT IN (-9999) THEN "temperature" END) AS "m11"
FROM "public"."sensors"
GROUP BY "sensor";

-- failed rows of sensors.sensor.required
SELECT
  "sensor" AS "sensor",
  "read_at" AS "read_at"
FROM "public"."sensors"
WHERE "sensor" IS NULL
LIMIT 100;

-- failed rows of sensors.read_at.required
SELECT
  "sensor" AS "sensor",
  "read_at" AS "read_at"
FROM "public"."sensors"
WHERE "read_at" IS NULL
LIMIT 100;

-- failed rows of sensors.temperature.between
SELECT
  "sensor" AS "sensor",
  "read_at" AS "read_at",
  "temperature" AS "temperature"
FROM "public"."sensors"
WHERE "temperature" NOT IN (-9999)
  AND "temperature" NOT BETWEEN -40 AND 60
LIMIT 100;

-- failed rows of sensors.humidity.between
SELECT
  "sensor" AS "sensor",
  "read_at" AS "read_at",
  "humidity" AS "humidity"
FROM "public"."sensors"
WHERE "humidity" NOT BETWEEN 0 AND 100
LIMIT 100;

-- failed rows of sensors.voltage.compare
SELECT
  "sensor" AS "sensor",
  "read_at" AS "read_at",
  "voltage" AS "voltage"
FROM "public"."sensors"
WHERE CAST("voltage" AS DOUBLE) < 3
LIMIT 100;

-- failed rows of sensors.sensor+read_at.unique
SELECT
  "sensor" AS "sensor",
  "read_at" AS "read_at"
FROM "public"."sensors"
WHERE ("sensor", "read_at") IN (SELECT "sensor", "read_at" FROM "public"."sensors" WHERE "sensor" IS NOT NULL AND "read_at" IS NOT NULL GROUP BY "sensor", "read_at" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of sensors.both_or_none
SELECT
  "sensor" AS "sensor",
  "read_at" AS "read_at",
  "temperature" AS "temperature",
  "humidity" AS "humidity"
FROM "public"."sensors"
WHERE ("temperature" IS NULL) <> ("humidity" IS NULL)
LIMIT 100;

-- failed rows of sensors.temperature.missing
SELECT
  "sensor" AS "sensor",
  "read_at" AS "read_at",
  "temperature" AS "temperature"
FROM "public"."sensors"
WHERE "temperature" IS NULL OR "temperature" IN (-9999)
LIMIT 100;
