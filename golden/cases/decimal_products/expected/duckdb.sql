-- demo.positions 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: positions.value_is_exact, positions.product_of_three, positions.difference, positions.of_whole_numbers, positions.by_a_constant, positions.total, positions.value, positions.converted
SELECT
  COALESCE(COUNT_IF("id" = 1 AND CAST("price" AS DECIMAL(19, 2)) * "quantity" <> 999999999999000), 0) AS "m1",
  COALESCE(COUNT_IF("id" = 1), 0) AS "m2",
  COALESCE(COUNT_IF(CAST("price" AS DECIMAL(19, 2)) * "quantity" * "rate" <= 0), 0) AS "m3",
  COUNT(*) AS "m4",
  COALESCE(COUNT_IF(CAST("price" AS DECIMAL(19, 2)) * "quantity" - CAST("quantity" AS DECIMAL(19, 2)) * "price" <> 0), 0) AS "m5",
  COALESCE(COUNT_IF(CAST("price" AS DECIMAL(19, 2)) * "id" < 0), 0) AS "m6",
  COALESCE(COUNT_IF(CAST("price" AS DECIMAL(19, 2)) * 1000000000 = 1), 0) AS "m7",
  COALESCE(COUNT_IF(CAST("price" AS DECIMAL(19, 2)) * "quantity" >= 999999999999000), 0) AS "m8",
  CAST(SUM(CAST("price" AS DECIMAL(19, 2)) * "quantity") AS DECIMAL(38, 4)) AS "m9",
  MAX(CAST("price" AS DECIMAL(19, 2)) * "quantity" * "rate") AS "m10"
FROM "public"."positions";

-- failed rows of positions.value_is_exact
SELECT
  "price" AS "price",
  "quantity" AS "quantity",
  "id" AS "id"
FROM "public"."positions"
WHERE "id" = 1
  AND CAST("price" AS DECIMAL(19, 2)) * "quantity" <> 999999999999000
LIMIT 100;

-- failed rows of positions.product_of_three
SELECT
  "price" AS "price",
  "quantity" AS "quantity",
  "rate" AS "rate"
FROM "public"."positions"
WHERE CAST("price" AS DECIMAL(19, 2)) * "quantity" * "rate" <= 0
LIMIT 100;

-- failed rows of positions.difference
SELECT
  "price" AS "price",
  "quantity" AS "quantity"
FROM "public"."positions"
WHERE CAST("price" AS DECIMAL(19, 2)) * "quantity" - CAST("quantity" AS DECIMAL(19, 2)) * "price" <> 0
LIMIT 100;

-- failed rows of positions.of_whole_numbers
SELECT
  "price" AS "price",
  "id" AS "id"
FROM "public"."positions"
WHERE CAST("price" AS DECIMAL(19, 2)) * "id" < 0
LIMIT 100;

-- failed rows of positions.by_a_constant
SELECT
  "price" AS "price"
FROM "public"."positions"
WHERE CAST("price" AS DECIMAL(19, 2)) * 1000000000 = 1
LIMIT 100;
