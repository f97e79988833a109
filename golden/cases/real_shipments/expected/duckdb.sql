-- logistics.shipments 1.1.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: shipments.tracking.required, shipments.tracking.unique, shipments.tracking.matches, shipments.order_id.required, shipments.carrier.required, shipments.carrier.in, shipments.weight_kg.required, shipments.weight_kg.between, shipments.picked_at.required, shipments.country.required, shipments.country.matches, shipments.in_order, shipments.customs_first, shipments.customs_abroad, shipments.express_is_fast, shipments.late, shipments.delivered_at.freshness, shipments.weight_kg.percentile
SELECT
  COUNT(*) AS "m1",
  COUNT("tracking") AS "m2",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("tracking", '^[A-Z]{2}[0-9]{9}[A-Z]{2}$')), 0) AS "m5",
  COUNT("order_id") AS "m6",
  COUNT("carrier") AS "m7",
  COALESCE(COUNT_IF("carrier" NOT IN ('post', 'express')), 0) AS "m8",
  COUNT("weight_kg") AS "m9",
  COALESCE(COUNT_IF("weight_kg" NOT BETWEEN 0.001 AND 31.5), 0) AS "m10",
  COUNT("picked_at") AS "m11",
  COUNT(RTRIM("country", ' ')) AS "m12",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES(RTRIM("country", ' '), '^[A-Z]{2}$')), 0) AS "m13",
  COALESCE(COUNT_IF("delivered_at" < COALESCE("customs_at", "picked_at")), 0) AS "m14",
  COALESCE(COUNT_IF("customs_at" < "picked_at"), 0) AS "m15",
  COALESCE(COUNT_IF("customs_at" IS NOT NULL AND RTRIM("country", ' ') = 'BE'), 0) AS "m16",
  COALESCE(COUNT_IF("customs_at" IS NOT NULL), 0) AS "m17",
  COALESCE(COUNT_IF("carrier" = 'express' AND "delivered_at" IS NOT NULL AND EPOCH_US("delivered_at") - EPOCH_US("picked_at") > 172800000000), 0) AS "m18",
  COALESCE(COUNT_IF("carrier" = 'express' AND "delivered_at" IS NOT NULL), 0) AS "m19",
  COALESCE(COUNT_IF("delivered_at" IS NULL AND "picked_at" < CAST($now AS TIMESTAMPTZ) + CAST('-864000000000 microseconds' AS INTERVAL)), 0) AS "m20",
  EPOCH_US(MAX("delivered_at") FILTER (WHERE "carrier" = 'post')) AS "m23",
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CAST("weight_kg" AS DOUBLE)) AS "m24"
FROM "public"."shipments";

-- s2: shipments.tracking.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "tracking" <= LAG("tracking") OVER () AS "assay_step" FROM "public"."shipments" WHERE "tracking" IS NOT NULL) AS "assay_keys";

-- s3: shipments.tracking.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."shipments" WHERE "tracking" IS NOT NULL GROUP BY "tracking" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: shipments.weight_kg.avg
SELECT
  "carrier" AS "g1",
  CAST(SUM("weight_kg") AS DECIMAL(38, 3)) AS "m21",
  COUNT("weight_kg") AS "m22"
FROM "public"."shipments"
GROUP BY "carrier";

-- failed rows of shipments.tracking.required
SELECT
  "tracking" AS "tracking"
FROM "public"."shipments"
WHERE "tracking" IS NULL
LIMIT 100;

-- failed rows of shipments.tracking.unique
SELECT
  "tracking" AS "tracking"
FROM "public"."shipments"
WHERE "tracking" IN (SELECT "tracking" FROM "public"."shipments" WHERE "tracking" IS NOT NULL GROUP BY "tracking" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of shipments.tracking.matches
SELECT
  "tracking" AS "tracking"
FROM "public"."shipments"
WHERE NOT REGEXP_MATCHES("tracking", '^[A-Z]{2}[0-9]{9}[A-Z]{2}$')
LIMIT 100;

-- failed rows of shipments.order_id.required
SELECT
  "tracking" AS "tracking",
  "order_id" AS "order_id"
FROM "public"."shipments"
WHERE "order_id" IS NULL
LIMIT 100;

-- failed rows of shipments.carrier.required
SELECT
  "tracking" AS "tracking",
  "carrier" AS "carrier"
FROM "public"."shipments"
WHERE "carrier" IS NULL
LIMIT 100;

-- failed rows of shipments.carrier.in
SELECT
  "tracking" AS "tracking",
  "carrier" AS "carrier"
FROM "public"."shipments"
WHERE "carrier" NOT IN ('post', 'express')
LIMIT 100;

-- failed rows of shipments.weight_kg.required
SELECT
  "tracking" AS "tracking",
  "weight_kg" AS "weight_kg"
FROM "public"."shipments"
WHERE "weight_kg" IS NULL
LIMIT 100;

-- failed rows of shipments.weight_kg.between
SELECT
  "tracking" AS "tracking",
  "weight_kg" AS "weight_kg"
FROM "public"."shipments"
WHERE "weight_kg" NOT BETWEEN 0.001 AND 31.5
LIMIT 100;

-- failed rows of shipments.picked_at.required
SELECT
  "tracking" AS "tracking",
  "picked_at" AS "picked_at"
FROM "public"."shipments"
WHERE "picked_at" IS NULL
LIMIT 100;

-- failed rows of shipments.country.required
SELECT
  "tracking" AS "tracking",
  "country" AS "country"
FROM "public"."shipments"
WHERE RTRIM("country", ' ') IS NULL
LIMIT 100;

-- failed rows of shipments.country.matches
SELECT
  "tracking" AS "tracking",
  "country" AS "country"
FROM "public"."shipments"
WHERE NOT REGEXP_MATCHES(RTRIM("country", ' '), '^[A-Z]{2}$')
LIMIT 100;

-- failed rows of shipments.in_order
SELECT
  "tracking" AS "tracking",
  "delivered_at" AS "delivered_at",
  "customs_at" AS "customs_at",
  "picked_at" AS "picked_at"
FROM "public"."shipments"
WHERE "delivered_at" < COALESCE("customs_at", "picked_at")
LIMIT 100;

-- failed rows of shipments.customs_first
SELECT
  "tracking" AS "tracking",
  "customs_at" AS "customs_at",
  "picked_at" AS "picked_at"
FROM "public"."shipments"
WHERE "customs_at" < "picked_at"
LIMIT 100;

-- failed rows of shipments.customs_abroad
SELECT
  "tracking" AS "tracking",
  "country" AS "country",
  "customs_at" AS "customs_at"
FROM "public"."shipments"
WHERE "customs_at" IS NOT NULL
  AND RTRIM("country", ' ') = 'BE'
LIMIT 100;

-- failed rows of shipments.express_is_fast
SELECT
  "tracking" AS "tracking",
  "picked_at" AS "picked_at",
  "delivered_at" AS "delivered_at",
  "carrier" AS "carrier"
FROM "public"."shipments"
WHERE "carrier" = 'express'
  AND "delivered_at" IS NOT NULL
  AND EPOCH_US("delivered_at") - EPOCH_US("picked_at") > 172800000000
LIMIT 100;

-- failed rows of shipments.late
SELECT
  "tracking" AS "tracking",
  "delivered_at" AS "delivered_at",
  "picked_at" AS "picked_at"
FROM "public"."shipments"
WHERE "delivered_at" IS NULL
  AND "picked_at" < CAST($now AS TIMESTAMPTZ) + CAST('-864000000000 microseconds' AS INTERVAL)
LIMIT 100;
