-- demo.ledger 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: ledger.tenth.sum, ledger.amount.sum, ledger.units.sum, ledger.id.avg, ledger.tenth.avg, ledger.wide.sum, ledger.units.max, ledger.mean
SELECT
  CAST(SUM("tenth") AS NUMERIC(38, 1)) AS "m1",
  CAST(SUM("amount") AS NUMERIC(38, 2)) AS "m2",
  SUM("units") AS "m3",
  SUM("id") AS "m4",
  COUNT("id") AS "m5",
  COUNT("tenth") AS "m6",
  CAST(SUM("wide") AS NUMERIC(38, 0)) AS "m7",
  MAX("units") AS "m8",
  COUNT("amount") AS "m9"
FROM "public"."ledger";
