-- demo.products 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: products.id.required, products.a.compare, products.b.compare, products.product_above, products.sum_above, products.a.sum, products.largest, products.largest_square, products.b.sum
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("a" <= 0), 0) AS "m3",
  COALESCE(COUNT_IF("b" <= 0), 0) AS "m4",
  COALESCE(COUNT_IF("a" * CAST("b" AS BIGINT) <= "a"), 0) AS "m5",
  COALESCE(COUNT_IF("a" + CAST("b" AS BIGINT) <= "a"), 0) AS "m6",
  SUM("a") AS "m7",
  MAX("a" * CAST("b" AS BIGINT)) AS "m8",
  MAX(CAST("b" AS BIGINT) * CAST("b" AS BIGINT)) AS "m9",
  SUM("b") AS "m10"
FROM "public"."products";

-- failed rows of products.id.required
SELECT
  "id" AS "id"
FROM "public"."products"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of products.a.compare
SELECT
  "a" AS "a"
FROM "public"."products"
WHERE "a" <= 0
LIMIT 100;

-- failed rows of products.b.compare
SELECT
  "b" AS "b"
FROM "public"."products"
WHERE "b" <= 0
LIMIT 100;

-- failed rows of products.product_above
SELECT
  "a" AS "a",
  "b" AS "b"
FROM "public"."products"
WHERE "a" * CAST("b" AS BIGINT) <= "a"
LIMIT 100;

-- failed rows of products.sum_above
SELECT
  "a" AS "a",
  "b" AS "b"
FROM "public"."products"
WHERE "a" + CAST("b" AS BIGINT) <= "a"
LIMIT 100;
