-- demo.loans 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: loans.id.required, loans.paid_in_bounds, loans.ends_after_start, loans.closed_is_paid, loans.flagged
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("paid" > "amount"), 0) AS "m3",
  COALESCE(COUNT_IF("end_on" <= "start_on"), 0) AS "m4",
  COALESCE(COUNT_IF(NOT (NOT "closed" OR "paid" = "amount" OR "amount" = 0)), 0) AS "m5",
  COALESCE(COUNT_IF(NOT "closed"), 0) AS "m6"
FROM "public"."loans";

-- failed rows of loans.id.required
SELECT
  "id" AS "id"
FROM "public"."loans"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of loans.paid_in_bounds
SELECT
  "paid" AS "paid",
  "amount" AS "amount"
FROM "public"."loans"
WHERE "paid" > "amount"
LIMIT 100;

-- failed rows of loans.ends_after_start
SELECT
  "end_on" AS "end_on",
  "start_on" AS "start_on"
FROM "public"."loans"
WHERE "end_on" <= "start_on"
LIMIT 100;

-- failed rows of loans.closed_is_paid
SELECT
  "closed" AS "closed",
  "paid" AS "paid",
  "amount" AS "amount"
FROM "public"."loans"
WHERE NOT (NOT "closed" OR "paid" = "amount" OR "amount" = 0)
LIMIT 100;

-- failed rows of loans.flagged
SELECT
  "closed" AS "closed"
FROM "public"."loans"
WHERE NOT "closed"
LIMIT 100;
