-- demo.deliveries 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: deliveries.not_before, deliveries.soon, deliveries.ordered+came.avg, deliveries.ordered+came.max, deliveries.late, deliveries.ordered+came.min, deliveries.mean, deliveries.ordered+came.stddev, deliveries.oldest, deliveries.before_noon
SELECT
  COALESCE(COUNT_IF(EPOCH_US("came") - EPOCH_US("ordered") < 0), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF("shop" = 'north' AND EPOCH_US("came") - EPOCH_US("ordered") >= 172800000000), 0) AS "m3",
  COALESCE(COUNT_IF("shop" = 'north'), 0) AS "m4",
  SUM(EPOCH_US("came") - EPOCH_US("ordered")) AS "m5",
  COUNT(EPOCH_US("came") - EPOCH_US("ordered")) AS "m6",
  MAX(EPOCH_US("came") - EPOCH_US("ordered")) AS "m7",
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CAST(EPOCH_US("came") - EPOCH_US("ordered") AS DOUBLE)) AS "m9",
  MIN(EPOCH_US("came") - EPOCH_US("ordered")) AS "m10",
  COUNT("came") AS "m11",
  STDDEV_SAMP(CAST(EPOCH_US("came") - EPOCH_US("ordered") AS DOUBLE)) * CASE WHEN MIN(EPOCH_US("came") - EPOCH_US("ordered")) < MAX(EPOCH_US("came") - EPOCH_US("ordered")) THEN 1 ELSE 0 END AS "m12",
  MAX(EPOCH_US(CAST($now AS TIMESTAMPTZ)) - EPOCH_US("ordered")) AS "m13",
  SUM(EPOCH_US(CAST('2024-05-01 12:00:00' AS TIMESTAMP)) - EPOCH_US("local")) AS "m14",
  COUNT(EPOCH_US(CAST('2024-05-01 12:00:00' AS TIMESTAMP)) - EPOCH_US("local")) AS "m15"
FROM "public"."deliveries";

-- s2: deliveries.usual
SELECT
  "shop" AS "g1",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(EPOCH_US("came") - EPOCH_US("ordered") AS DOUBLE)) AS "m8"
FROM "public"."deliveries"
GROUP BY "shop";

-- failed rows of deliveries.not_before
SELECT
  "ordered" AS "ordered",
  "came" AS "came"
FROM "public"."deliveries"
WHERE EPOCH_US("came") - EPOCH_US("ordered") < 0
LIMIT 100;

-- failed rows of deliveries.soon
SELECT
  "ordered" AS "ordered",
  "came" AS "came",
  "shop" AS "shop"
FROM "public"."deliveries"
WHERE "shop" = 'north'
  AND EPOCH_US("came") - EPOCH_US("ordered") >= 172800000000
LIMIT 100;
