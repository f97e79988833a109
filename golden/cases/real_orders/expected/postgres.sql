-- shop.orders 2.1.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date), 3 since (date)

-- s1: orders.order_id.required, orders.order_id.unique, orders.customer_id.required, orders.customer_id.references, orders.status.required, orders.status.in, orders.amount.required, orders.amount.between, orders.email.matches, orders.country.matches, orders.placed_at.required, orders.shipped_has_date, orders.ships_after_order, orders.rows, orders.email.missing, orders.placed_at.freshness, orders.amount.avg, orders.delivered_share, orders.customer_id+placed_at.duplicates
SELECT
  COUNT(*) AS "m1",
  COUNT("order_id") AS "m2",
  COUNT("customer_id") AS "m5",
  COUNT("status") AS "m7",
  COUNT(*) FILTER (WHERE "status" NOT IN ('new', 'paid', 'shipped', 'void')) AS "m8",
  COUNT("amount") AS "m9",
  COUNT(*) FILTER (WHERE "amount" NOT BETWEEN 0 AND 100000) AS "m10",
  COUNT(*) FILTER (WHERE "email" NOT IN ('', 'n/a') AND NOT "email" ~ '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$') AS "m11",
  COUNT(*) FILTER (WHERE NOT CAST("country" AS TEXT) ~ '^[A-Z]{2}$') AS "m12",
  COUNT("placed_at") AS "m13",
  COUNT(*) FILTER (WHERE "status" = 'shipped' AND "shipped_at" IS NULL) AS "m14",
  COUNT(*) FILTER (WHERE "status" = 'shipped') AS "m15",
  COUNT(*) FILTER (WHERE "shipped_at" < "placed_at") AS "m16",
  COUNT(*) FILTER (WHERE "email" IS NULL OR "email" IN ('', 'n/a')) AS "m17",
  CAST(EXTRACT(EPOCH FROM MAX("placed_at")) * 1000000 AS BIGINT) AS "m18",
  CAST(SUM("amount") FILTER (WHERE "status" = 'paid') AS NUMERIC(38, 2)) AS "m19",
  COUNT("amount") FILTER (WHERE "status" = 'paid') AS "m20",
  COUNT(*) FILTER (WHERE "status" = 'shipped' AND "shipped_at" IS NOT NULL) AS "m21"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ);

-- s2: orders.order_id.unique
SELECT
  COUNT(DISTINCT "order_id") AS "m3"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ);

-- s3: orders.order_id.unique
-- only where (m2 - m3) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ) AND "order_id" IS NOT NULL GROUP BY "order_id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: orders.customer_id.references
SELECT
  COUNT(*) AS "m6"
FROM "public"."orders" AS "assay_dataset"
WHERE "assay_dataset"."placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "assay_dataset"."customer_id" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."customers" AS "assay_target" WHERE "assay_target"."id" = "assay_dataset"."customer_id");

-- s5: orders.customer_id+placed_at.duplicates
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m23"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ) AND "customer_id" IS NOT NULL AND "placed_at" IS NOT NULL GROUP BY "customer_id", "placed_at" HAVING COUNT(*) > 1) AS "assay_keys";

-- s6: orders.amount.sum
SELECT
  CAST("country" AS TEXT) AS "g1",
  CAST(SUM("amount") AS NUMERIC(38, 2)) AS "m22"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
GROUP BY CAST("country" AS TEXT);

-- failed rows of orders.order_id.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "order_id" IS NULL
LIMIT 1000;

-- failed rows of orders.order_id.unique
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "order_id" IN (SELECT "order_id" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ) AND "order_id" IS NOT NULL GROUP BY "order_id" HAVING COUNT(*) > 1)
LIMIT 1000;

-- failed rows of orders.customer_id.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "customer_id" IS NULL
LIMIT 1000;

-- failed rows of orders.customer_id.references
SELECT
  "assay_dataset"."order_id" AS "order_id",
  "assay_dataset"."status" AS "status",
  "assay_dataset"."amount" AS "amount"
FROM "public"."orders" AS "assay_dataset"
WHERE "assay_dataset"."placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "assay_dataset"."customer_id" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."customers" AS "assay_target" WHERE "assay_target"."id" = "assay_dataset"."customer_id")
LIMIT 1000;

-- failed rows of orders.status.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "status" IS NULL
LIMIT 1000;

-- failed rows of orders.status.in
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "status" NOT IN ('new', 'paid', 'shipped', 'void')
LIMIT 1000;

-- failed rows of orders.amount.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "amount" IS NULL
LIMIT 1000;

-- failed rows of orders.amount.between
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "amount" NOT BETWEEN 0 AND 100000
LIMIT 1000;

-- failed rows of orders.email.matches
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "email" NOT IN ('', 'n/a')
  AND NOT "email" ~ '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$'
LIMIT 1000;

-- failed rows of orders.country.matches
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND NOT CAST("country" AS TEXT) ~ '^[A-Z]{2}$'
LIMIT 1000;

-- failed rows of orders.placed_at.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "placed_at" IS NULL
LIMIT 1000;

-- failed rows of orders.shipped_has_date
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "status" = 'shipped'
  AND "shipped_at" IS NULL
LIMIT 1000;

-- failed rows of orders.ships_after_order
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND "shipped_at" < "placed_at"
LIMIT 1000;

-- failed rows of orders.email.missing
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND ("email" IS NULL OR "email" IN ('', 'n/a'))
LIMIT 1000;

-- failed rows of orders.customer_id+placed_at.duplicates
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ)
  AND ("customer_id", "placed_at") IN (SELECT "customer_id", "placed_at" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($3 AS DATE) AS TIMESTAMPTZ) AND "customer_id" IS NOT NULL AND "placed_at" IS NOT NULL GROUP BY "customer_id", "placed_at" HAVING COUNT(*) > 1)
LIMIT 1000;
