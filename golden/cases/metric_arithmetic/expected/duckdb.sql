-- demo.stock 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: stock.balance, stock.third, stock.distance, stock.share, stock.rounded, stock.halves, stock.lowest, stock.highest, stock.either, stock.null_sum, stock.by_zero, stock.minus, stock.against_other, stock.against_null
SELECT
  SUM("incoming") AS "m1",
  SUM("outgoing") AS "m2",
  CAST(SUM("value") AS DECIMAL(38, 2)) AS "m3",
  COUNT("value") AS "m4",
  MIN("incoming") AS "m5",
  MIN("outgoing") AS "m6",
  MAX("incoming") AS "m7",
  MAX("outgoing") AS "m8",
  SUM("nothing") AS "m9"
FROM "public"."stock";
