-- demo.rooms 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: rooms.room.required, rooms.temperature.required
SELECT
  COUNT(*) AS "m1",
  COUNT(CAST("room" AS TEXT)) AS "m2",
  COUNT("temperature") AS "m3"
FROM "public"."rooms";

-- s2: rooms.temperature.avg, rooms.temperature.stddev, rooms.temperature.median, rooms.rows
SELECT
  CAST("room" AS TEXT) AS "g1",
  CAST(SUM("temperature") AS NUMERIC(38, 1)) AS "m4",
  COUNT("temperature") AS "m5",
  STDDEV_SAMP(CAST("temperature" AS DOUBLE PRECISION)) * CASE WHEN MIN("temperature") < MAX("temperature") THEN 1 ELSE 0 END AS "m6",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("temperature" AS DOUBLE PRECISION)) AS "m7",
  COUNT(*) AS "m8"
FROM "public"."rooms"
GROUP BY CAST("room" AS TEXT);

-- failed rows of rooms.room.required
SELECT
  "room" AS "room"
FROM "public"."rooms"
WHERE CAST("room" AS TEXT) IS NULL
LIMIT 100;

-- failed rows of rooms.temperature.required
SELECT
  "temperature" AS "temperature"
FROM "public"."rooms"
WHERE "temperature" IS NULL
LIMIT 100;
