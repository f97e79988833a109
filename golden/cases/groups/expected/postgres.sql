-- demo.takings 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: takings.shop.required, takings.day.required, takings.amount.sum
SELECT
  COUNT(*) AS "m1",
  COUNT("shop") AS "m2",
  COUNT("day") AS "m3",
  CAST(SUM("amount") AS NUMERIC(38, 2)) AS "m4"
FROM "public"."takings";

-- s2: takings.shop_total, takings.amount.missing, takings.amount.max, takings.amounts, takings.least_amount
SELECT
  "shop" AS "g1",
  CAST(SUM("amount") AS NUMERIC(38, 2)) AS "m5",
  COUNT(*) AS "m6",
  COUNT("amount") AS "m7",
  MAX("amount") FILTER (WHERE "till" = 1) AS "m11",
  COUNT(*) FILTER (WHERE "amount" > 0) AS "m12",
  MIN("amount") AS "m13"
FROM "public"."takings"
GROUP BY "shop";

-- s3: takings.amount.avg
SELECT
  "shop" AS "g1",
  "till" AS "g2",
  CAST(SUM("amount") AS NUMERIC(38, 2)) AS "m8",
  COUNT("amount") AS "m9"
FROM "public"."takings"
GROUP BY "shop", "till";

-- s4: takings.rows
SELECT
  "day" AS "g1",
  COUNT(*) AS "m10"
FROM "public"."takings"
GROUP BY "day";

-- failed rows of takings.shop.required
SELECT
  "shop" AS "shop"
FROM "public"."takings"
WHERE "shop" IS NULL
LIMIT 100;

-- failed rows of takings.day.required
SELECT
  "day" AS "day"
FROM "public"."takings"
WHERE "day" IS NULL
LIMIT 100;

-- failed rows of takings.amount.missing
SELECT
  "amount" AS "amount",
  "shop" AS "shop"
FROM "public"."takings"
WHERE "amount" IS NULL
LIMIT 100;
