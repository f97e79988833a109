-- demo.deliveries 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: deliveries.not_before, deliveries.soon, deliveries.ordered+came.avg, deliveries.ordered+came.max, deliveries.late, deliveries.ordered+came.min, deliveries.mean, deliveries.ordered+came.stddev, deliveries.oldest, deliveries.before_noon
SELECT
  COUNT(*) FILTER (WHERE CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT) < 0) AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE "shop" = 'north' AND CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT) >= 172800000000) AS "m3",
  COUNT(*) FILTER (WHERE "shop" = 'north') AS "m4",
  SUM(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT)) AS "m5",
  COUNT(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT)) AS "m6",
  MAX(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT)) AS "m7",
  MIN(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT)) AS "m10",
  COUNT("came") AS "m11",
  STDDEV_SAMP(CAST(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT) AS DOUBLE PRECISION)) * CASE WHEN MIN(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT)) < MAX(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT)) THEN 1 ELSE 0 END AS "m12",
  MAX(CAST(EXTRACT(EPOCH FROM CAST($1 AS TIMESTAMPTZ) - "ordered") * 1000000 AS BIGINT)) AS "m13",
  SUM(CAST(EXTRACT(EPOCH FROM CAST('2024-05-01 12:00:00' AS TIMESTAMP) - "local") * 1000000 AS BIGINT)) AS "m14",
  COUNT(CAST(EXTRACT(EPOCH FROM CAST('2024-05-01 12:00:00' AS TIMESTAMP) - "local") * 1000000 AS BIGINT)) AS "m15"
FROM "public"."deliveries";

-- s2: deliveries.late
SELECT
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CAST(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT) AS DOUBLE PRECISION)) AS "m9"
FROM "public"."deliveries";

-- s3: deliveries.usual
SELECT
  "shop" AS "g1",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT) AS DOUBLE PRECISION)) AS "m8"
FROM "public"."deliveries"
GROUP BY "shop";

-- failed rows of deliveries.not_before
SELECT
  "ordered" AS "ordered",
  "came" AS "came"
FROM "public"."deliveries"
WHERE CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT) < 0
LIMIT 100;

-- failed rows of deliveries.soon
SELECT
  "ordered" AS "ordered",
  "came" AS "came",
  "shop" AS "shop"
FROM "public"."deliveries"
WHERE "shop" = 'north'
  AND CAST(EXTRACT(EPOCH FROM "came" - "ordered") * 1000000 AS BIGINT) >= 172800000000
LIMIT 100;
