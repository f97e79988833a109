-- demo.deliveries 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: deliveries.id.required, deliveries.id.unique, deliveries.address.required, deliveries.status.in, deliveries.price.between, deliveries.done_has_price
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("address") AS "m6",
  COALESCE(COUNT_IF("status" NOT IN ('new', 'done')), 0) AS "m7",
  COALESCE(COUNT_IF("price" NOT BETWEEN 0 AND 100), 0) AS "m8",
  COALESCE(COUNT_IF("status" = 'done' AND "price" IS NULL), 0) AS "m9",
  COALESCE(COUNT_IF("status" = 'done'), 0) AS "m10"
FROM "public"."deliveries";

-- s2: deliveries.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."deliveries" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: deliveries.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."deliveries" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: deliveries.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."deliveries" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of deliveries.id.required
SELECT
  "id" AS "id",
  "status" AS "status",
  "price" AS "price"
FROM "public"."deliveries"
WHERE "id" IS NULL
LIMIT 3;

-- failed rows of deliveries.id.unique
SELECT
  "id" AS "id",
  "status" AS "status",
  "price" AS "price"
FROM "public"."deliveries"
WHERE "id" IN (SELECT "id" FROM "public"."deliveries" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 3;

-- failed rows of deliveries.address.required
SELECT
  "id" AS "id",
  "status" AS "status",
  "price" AS "price"
FROM "public"."deliveries"
WHERE "address" IS NULL
LIMIT 3;

-- failed rows of deliveries.status.in
SELECT
  "id" AS "id",
  "status" AS "status",
  "price" AS "price"
FROM "public"."deliveries"
WHERE "status" NOT IN ('new', 'done')
LIMIT 3;

-- failed rows of deliveries.price.between
SELECT
  "id" AS "id",
  "status" AS "status",
  "price" AS "price"
FROM "public"."deliveries"
WHERE "price" NOT BETWEEN 0 AND 100
LIMIT 3;

-- failed rows of deliveries.done_has_price
SELECT
  "id" AS "id",
  "status" AS "status",
  "price" AS "price"
FROM "public"."deliveries"
WHERE "status" = 'done'
  AND "price" IS NULL
LIMIT 3;
