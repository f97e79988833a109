-- demo.positions 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: positions.value_is_exact, positions.product_of_three, positions.difference, positions.of_whole_numbers, positions.by_a_constant, positions.total, positions.value, positions.converted
SELECT
  COUNT(*) FILTER (WHERE "id" = 1 AND "price" * "quantity" <> 999999999999000) AS "m1",
  COUNT(*) FILTER (WHERE "id" = 1) AS "m2",
  COUNT(*) FILTER (WHERE "price" * "quantity" * "rate" <= 0) AS "m3",
  COUNT(*) AS "m4",
  COUNT(*) FILTER (WHERE "price" * "quantity" - "quantity" * "price" <> 0) AS "m5",
  COUNT(*) FILTER (WHERE "price" * "id" < 0) AS "m6",
  COUNT(*) FILTER (WHERE "price" * 1000000000 = 1) AS "m7",
  COUNT(*) FILTER (WHERE "price" * "quantity" >= 999999999999000) AS "m8",
  CAST(SUM("price" * "quantity") AS NUMERIC(38, 4)) AS "m9",
  MAX("price" * "quantity" * "rate") AS "m10"
FROM "public"."positions";

-- failed rows of positions.value_is_exact
SELECT
  "price" AS "price",
  "quantity" AS "quantity",
  "id" AS "id"
FROM "public"."positions"
WHERE "id" = 1
  AND "price" * "quantity" <> 999999999999000
LIMIT 100;

-- failed rows of positions.product_of_three
SELECT
  "price" AS "price",
  "quantity" AS "quantity",
  "rate" AS "rate"
FROM "public"."positions"
WHERE "price" * "quantity" * "rate" <= 0
LIMIT 100;

-- failed rows of positions.difference
SELECT
  "price" AS "price",
  "quantity" AS "quantity"
FROM "public"."positions"
WHERE "price" * "quantity" - "quantity" * "price" <> 0
LIMIT 100;

-- failed rows of positions.of_whole_numbers
SELECT
  "price" AS "price",
  "id" AS "id"
FROM "public"."positions"
WHERE "price" * "id" < 0
LIMIT 100;

-- failed rows of positions.by_a_constant
SELECT
  "price" AS "price"
FROM "public"."positions"
WHERE "price" * 1000000000 = 1
LIMIT 100;
