-- logistics.shipments 1.1.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: shipments.tracking.required, shipments.tracking.unique, shipments.tracking.matches, shipments.order_id.required, shipments.carrier.required, shipments.carrier.in, shipments.weight_kg.required, shipments.weight_kg.between, shipments.picked_at.required, shipments.country.required, shipments.country.matches, shipments.in_order, shipments.customs_first, shipments.customs_abroad, shipments.express_is_fast, shipments.late, shipments.delivered_at.freshness
SELECT
  COUNT(*) AS "m1",
  COUNT("tracking") AS "m2",
  COUNT(*) FILTER (WHERE NOT "tracking" ~ '^[A-Z]{2}[0-9]{9}[A-Z]{2}$') AS "m5",
  COUNT("order_id") AS "m6",
  COUNT("carrier") AS "m7",
  COUNT(*) FILTER (WHERE "carrier" NOT IN ('post', 'express')) AS "m8",
  COUNT("weight_kg") AS "m9",
  COUNT(*) FILTER (WHERE "weight_kg" NOT BETWEEN 0.001 AND 31.5) AS "m10",
  COUNT("picked_at") AS "m11",
  COUNT(CAST("country" AS TEXT)) AS "m12",
  COUNT(*) FILTER (WHERE NOT CAST("country" AS TEXT) ~ '^[A-Z]{2}$') AS "m13",
  COUNT(*) FILTER (WHERE "delivered_at" < COALESCE("customs_at", "picked_at")) AS "m14",
  COUNT(*) FILTER (WHERE "customs_at" < "picked_at") AS "m15",
  COUNT(*) FILTER (WHERE "customs_at" IS NOT NULL AND CAST("country" AS TEXT) = 'BE') AS "m16",
  COUNT(*) FILTER (WHERE "customs_at" IS NOT NULL) AS "m17",
  COUNT(*) FILTER (WHERE "carrier" = 'express' AND "delivered_at" IS NOT NULL AND CAST(EXTRACT(EPOCH FROM "delivered_at" - "picked_at") * 1000000 AS BIGINT) > 172800000000) AS "m18",
  COUNT(*) FILTER (WHERE "carrier" = 'express' AND "delivered_at" IS NOT NULL) AS "m19",
  COUNT(*) FILTER (WHERE "delivered_at" IS NULL AND "picked_at" < CAST($1 AS TIMESTAMPTZ) + CAST('-864000000000 microseconds' AS INTERVAL)) AS "m20",
  CAST(EXTRACT(EPOCH FROM MAX("delivered_at") FILTER (WHERE "carrier" = 'post')) * 1000000 AS BIGINT) AS "m23"
FROM "public"."shipments";

-- s2: shipments.tracking.unique, shipments.weight_kg.percentile
SELECT
  COUNT(DISTINCT "tracking" COLLATE "C") AS "m3",
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CAST("weight_kg" AS DOUBLE PRECISION)) AS "m24"
FROM "public"."shipments";

-- s3: shipments.tracking.unique
-- only where (m2 - m3) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."shipments" WHERE "tracking" IS NOT NULL GROUP BY "tracking" COLLATE "C" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: shipments.weight_kg.avg
SELECT
  "carrier" AS "g1",
  CAST(SUM("weight_kg") AS NUMERIC(38, 3)) AS "m21",
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
WHERE "tracking" IN (SELECT "tracking" COLLATE "C" FROM "public"."shipments" WHERE "tracking" IS NOT NULL GROUP BY "tracking" COLLATE "C" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of shipments.tracking.matches
SELECT
  "tracking" AS "tracking"
FROM "public"."shipments"
WHERE NOT "tracking" ~ '^[A-Z]{2}[0-9]{9}[A-Z]{2}$'
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
WHERE CAST("country" AS TEXT) IS NULL
LIMIT 100;

-- failed rows of shipments.country.matches
SELECT
  "tracking" AS "tracking",
  "country" AS "country"
FROM "public"."shipments"
WHERE NOT CAST("country" AS TEXT) ~ '^[A-Z]{2}$'
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
  AND CAST("country" AS TEXT) = 'BE'
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
  AND CAST(EXTRACT(EPOCH FROM "delivered_at" - "picked_at") * 1000000 AS BIGINT) > 172800000000
LIMIT 100;

-- failed rows of shipments.late
SELECT
  "tracking" AS "tracking",
  "delivered_at" AS "delivered_at",
  "picked_at" AS "picked_at"
FROM "public"."shipments"
WHERE "delivered_at" IS NULL
  AND "picked_at" < CAST($1 AS TIMESTAMPTZ) + CAST('-864000000000 microseconds' AS INTERVAL)
LIMIT 100;
