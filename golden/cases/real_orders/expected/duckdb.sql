-- shop.orders 2.1.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date), 3 since (date)

-- s1: orders.order_id.required, orders.order_id.unique, orders.customer_id.required, orders.customer_id.references, orders.status.required, orders.status.in, orders.amount.required, orders.amount.between, orders.email.matches, orders.country.matches, orders.placed_at.required, orders.shipped_has_date, orders.ships_after_order, orders.rows, orders.email.missing, orders.placed_at.freshness, orders.amount.avg, orders.delivered_share, orders.customer_id+placed_at.duplicates
SELECT
  COUNT(*) AS "m1",
  COUNT("order_id") AS "m2",
  COUNT("customer_id") AS "m6",
  COUNT("status") AS "m8",
  COALESCE(COUNT_IF("status" NOT IN ('new', 'paid', 'shipped', 'void')), 0) AS "m9",
  COUNT("amount") AS "m10",
  COALESCE(COUNT_IF("amount" NOT BETWEEN 0 AND 100000), 0) AS "m11",
  COALESCE(COUNT_IF("email" NOT IN ('', 'n/a') AND NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')), 0) AS "m12",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES(RTRIM("country", ' '), '^[A-Z]{2}$')), 0) AS "m13",
  COUNT("placed_at") AS "m14",
  COALESCE(COUNT_IF("status" = 'shipped' AND "shipped_at" IS NULL), 0) AS "m15",
  COALESCE(COUNT_IF("status" = 'shipped'), 0) AS "m16",
  COALESCE(COUNT_IF("shipped_at" < "placed_at"), 0) AS "m17",
  COALESCE(COUNT_IF("email" IS NULL OR "email" IN ('', 'n/a')), 0) AS "m18",
  EPOCH_US(MAX("placed_at")) AS "m19",
  CAST(SUM("amount") FILTER (WHERE "status" = 'paid') AS DECIMAL(38, 2)) AS "m20",
  COUNT("amount") FILTER (WHERE "status" = 'paid') AS "m21",
  COALESCE(COUNT_IF("status" = 'shipped' AND "shipped_at" IS NOT NULL), 0) AS "m22"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ);

-- s2: orders.order_id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "order_id" <= LAG("order_id") OVER () AS "assay_step" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ) AND "order_id" IS NOT NULL) AS "assay_keys";

-- s3: orders.order_id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("order_id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ) AND "order_id" IS NOT NULL GROUP BY "order_id" >> 6) AS "assay_keys";

-- s4: orders.order_id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ) AND "order_id" IS NOT NULL GROUP BY "order_id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: orders.customer_id.references
SELECT
  COUNT(*) AS "m7"
FROM "public"."orders" AS "assay_dataset" JOIN (SELECT "id" FROM "public"."customers" GROUP BY "id") AS "assay_target" ON "assay_target"."id" = "assay_dataset"."customer_id"
WHERE "assay_dataset"."placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ);

-- s6: orders.customer_id+placed_at.duplicates
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m24"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ) AND "customer_id" IS NOT NULL AND "placed_at" IS NOT NULL GROUP BY "customer_id", "placed_at" HAVING COUNT(*) > 1) AS "assay_keys";

-- s7: orders.amount.sum
SELECT
  RTRIM("country", ' ') AS "g1",
  CAST(SUM("amount") AS DECIMAL(38, 2)) AS "m23"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
GROUP BY RTRIM("country", ' ');

-- failed rows of orders.order_id.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "order_id" IS NULL
LIMIT 1000;

-- failed rows of orders.order_id.unique
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "order_id" IN (SELECT "order_id" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ) AND "order_id" IS NOT NULL GROUP BY "order_id" HAVING COUNT(*) > 1)
LIMIT 1000;

-- failed rows of orders.customer_id.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "customer_id" IS NULL
LIMIT 1000;

-- failed rows of orders.customer_id.references
SELECT
  "assay_dataset"."order_id" AS "order_id",
  "assay_dataset"."status" AS "status",
  "assay_dataset"."amount" AS "amount"
FROM "public"."orders" AS "assay_dataset"
WHERE "assay_dataset"."placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "assay_dataset"."customer_id" IS NOT NULL
  AND "assay_dataset"."customer_id" NOT IN (SELECT "assay_target"."id" FROM "public"."customers" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL)
LIMIT 1000;

-- failed rows of orders.status.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "status" IS NULL
LIMIT 1000;

-- failed rows of orders.status.in
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "status" NOT IN ('new', 'paid', 'shipped', 'void')
LIMIT 1000;

-- failed rows of orders.amount.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "amount" IS NULL
LIMIT 1000;

-- failed rows of orders.amount.between
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "amount" NOT BETWEEN 0 AND 100000
LIMIT 1000;

-- failed rows of orders.email.matches
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "email" NOT IN ('', 'n/a')
  AND NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')
LIMIT 1000;

-- failed rows of orders.country.matches
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND NOT REGEXP_MATCHES(RTRIM("country", ' '), '^[A-Z]{2}$')
LIMIT 1000;

-- failed rows of orders.placed_at.required
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "placed_at" IS NULL
LIMIT 1000;

-- failed rows of orders.shipped_has_date
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "status" = 'shipped'
  AND "shipped_at" IS NULL
LIMIT 1000;

-- failed rows of orders.ships_after_order
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND "shipped_at" < "placed_at"
LIMIT 1000;

-- failed rows of orders.email.missing
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND ("email" IS NULL OR "email" IN ('', 'n/a'))
LIMIT 1000;

-- failed rows of orders.customer_id+placed_at.duplicates
SELECT
  "order_id" AS "order_id",
  "status" AS "status",
  "amount" AS "amount"
FROM "public"."orders"
WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ)
  AND ("customer_id", "placed_at") IN (SELECT "customer_id", "placed_at" FROM "public"."orders" WHERE "placed_at" >= CAST(CAST($since AS DATE) AS TIMESTAMPTZ) AND "customer_id" IS NOT NULL AND "placed_at" IS NOT NULL GROUP BY "customer_id", "placed_at" HAVING COUNT(*) > 1)
LIMIT 1000;
