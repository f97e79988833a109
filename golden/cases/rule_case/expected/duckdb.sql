-- demo.prices 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: prices.id.required, prices.net_positive, prices.discount_limit, prices.complete, prices.not_free
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF(CAST("price" AS DECIMAL(19, 2)) * (1 - "discount") <= 0), 0) AS "m3",
  COALESCE(COUNT_IF("discount" > CASE WHEN "kind" = 'book' THEN 0.05 WHEN "kind" = 'toy' THEN 0.5 ELSE 0.25 END), 0) AS "m4",
  COALESCE(COUNT_IF(NOT ("kind" IS NOT NULL AND "price" IS NOT NULL)), 0) AS "m5",
  COALESCE(COUNT_IF("price" IS NOT NULL AND "kind" IN ('book', 'toy') AND "price" = 0), 0) AS "m6",
  COALESCE(COUNT_IF("price" IS NOT NULL AND "kind" IN ('book', 'toy')), 0) AS "m7"
FROM "public"."prices";

-- failed rows of prices.id.required
SELECT
  "id" AS "id"
FROM "public"."prices"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of prices.net_positive
SELECT
  "price" AS "price",
  "discount" AS "discount"
FROM "public"."prices"
WHERE CAST("price" AS DECIMAL(19, 2)) * (1 - "discount") <= 0
LIMIT 100;

-- failed rows of prices.discount_limit
SELECT
  "discount" AS "discount",
  "kind" AS "kind"
FROM "public"."prices"
WHERE "discount" > CASE WHEN "kind" = 'book' THEN 0.05 WHEN "kind" = 'toy' THEN 0.5 ELSE 0.25 END
LIMIT 100;

-- failed rows of prices.complete
SELECT
  "kind" AS "kind",
  "price" AS "price"
FROM "public"."prices"
WHERE NOT ("kind" IS NOT NULL AND "price" IS NOT NULL)
LIMIT 100;

-- failed rows of prices.not_free
SELECT
  "price" AS "price",
  "kind" AS "kind"
FROM "public"."prices"
WHERE "price" IS NOT NULL
  AND "kind" IN ('book', 'toy')
  AND "price" = 0
LIMIT 100;
