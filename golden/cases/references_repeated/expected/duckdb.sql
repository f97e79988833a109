-- demo.orders 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: orders.id.required, orders.customer_id.references, orders.country.references, orders.agent.references
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("customer_id") AS "m4"
FROM "public"."orders";

-- s2: orders.customer_id.references
SELECT
  COUNT(*) AS "m3"
FROM "public"."orders" AS "assay_dataset" JOIN (SELECT "id" FROM "public"."customers" GROUP BY "id") AS "assay_target" ON "assay_target"."id" = "assay_dataset"."customer_id";

-- s3: orders.country.references
SELECT
  COUNT(*) AS "m5"
FROM "public"."orders" AS "assay_dataset"
WHERE "assay_dataset"."country" IS NOT NULL
  AND "assay_dataset"."country" NOT IN (SELECT "assay_target"."country" FROM "public"."customers" AS "assay_target" WHERE "assay_target"."country" IS NOT NULL);

-- s4: orders.agent.references
SELECT
  COUNT(*) AS "m6"
FROM "public"."orders" AS "assay_dataset"
WHERE "assay_dataset"."agent" IS NOT NULL
  AND "assay_dataset"."agent" NOT IN (SELECT "assay_target"."agent" FROM "public"."customers" AS "assay_target" WHERE "assay_target"."agent" IS NOT NULL);

-- failed rows of orders.id.required
SELECT
  "id" AS "id"
FROM "public"."orders"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of orders.customer_id.references
SELECT
  "assay_dataset"."customer_id" AS "customer_id"
FROM "public"."orders" AS "assay_dataset"
WHERE "assay_dataset"."customer_id" IS NOT NULL
  AND "assay_dataset"."customer_id" NOT IN (SELECT "assay_target"."id" FROM "public"."customers" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL)
LIMIT 100;

-- failed rows of orders.country.references
SELECT
  "assay_dataset"."country" AS "country"
FROM "public"."orders" AS "assay_dataset"
WHERE "assay_dataset"."country" IS NOT NULL
  AND "assay_dataset"."country" NOT IN (SELECT "assay_target"."country" FROM "public"."customers" AS "assay_target" WHERE "assay_target"."country" IS NOT NULL)
LIMIT 100;

-- failed rows of orders.agent.references
SELECT
  "assay_dataset"."agent" AS "agent"
FROM "public"."orders" AS "assay_dataset"
WHERE "assay_dataset"."agent" IS NOT NULL
  AND "assay_dataset"."agent" NOT IN (SELECT "assay_target"."agent" FROM "public"."customers" AS "assay_target" WHERE "assay_target"."agent" IS NOT NULL)
LIMIT 100;
