-- demo.addresses 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: addresses.customer_id.required, addresses.customer_id.unique, addresses.customer_kind
SELECT
  COUNT(*) AS "m1",
  COUNT("customer_id") AS "m2",
  COUNT("customer_id") FILTER (WHERE "current") AS "m5",
  COALESCE(COUNT_IF("current"), 0) AS "m7",
  COALESCE(COUNT_IF("current" IS NOT NULL), 0) AS "m9"
FROM "public"."addresses";

-- s2: addresses.customer_id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "customer_id" <= LAG("customer_id") OVER () AS "assay_step" FROM "public"."addresses" WHERE "current" AND "customer_id" IS NOT NULL) AS "assay_keys";

-- s3: addresses.customer_id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("customer_id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."addresses" WHERE "current" AND "customer_id" IS NOT NULL GROUP BY "customer_id" >> 6) AS "assay_keys";

-- s4: addresses.customer_id.unique
-- only where (m3 * (m5 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m6"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."addresses" WHERE "current" AND "customer_id" IS NOT NULL GROUP BY "customer_id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: addresses.customer_kind
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m8"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."addresses" WHERE "current" IS NOT NULL AND "customer_id" IS NOT NULL AND "kind" IS NOT NULL GROUP BY "customer_id", "kind" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of addresses.customer_id.required
SELECT
  "customer_id" AS "customer_id"
FROM "public"."addresses"
WHERE "customer_id" IS NULL
LIMIT 100;

-- failed rows of addresses.customer_id.unique
SELECT
  "customer_id" AS "customer_id"
FROM "public"."addresses"
WHERE "current"
  AND "customer_id" IN (SELECT "customer_id" FROM "public"."addresses" WHERE "current" AND "customer_id" IS NOT NULL GROUP BY "customer_id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of addresses.customer_kind
SELECT
  "customer_id" AS "customer_id",
  "kind" AS "kind"
FROM "public"."addresses"
WHERE "current" IS NOT NULL
  AND ("customer_id", "kind") IN (SELECT "customer_id", "kind" FROM "public"."addresses" WHERE "current" IS NOT NULL AND "customer_id" IS NOT NULL AND "kind" IS NOT NULL GROUP BY "customer_id", "kind" HAVING COUNT(*) > 1)
LIMIT 100;
