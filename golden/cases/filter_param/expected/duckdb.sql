-- demo.payments 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date), 3 since (date), 4 currency (text), 5 minimum (int), 6 share (decimal)

-- s1: payments.id.required, payments.id.unique, payments.paid_on.required, payments.amount.compare, payments.currency_code.in, payments.in_currency, payments.rows, payments.large_share, payments.paid_on.max, payments.least_currency
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("paid_on") AS "m6",
  COALESCE(COUNT_IF("amount" <= 0), 0) AS "m7",
  COALESCE(COUNT_IF("currency_code" NOT IN ('EUR', 'USD')), 0) AS "m8",
  COALESCE(COUNT_IF("currency_code" <> CAST($currency AS VARCHAR)), 0) AS "m9",
  COALESCE(COUNT_IF("amount" > 10), 0) AS "m10",
  MAX("paid_on") AS "m11",
  MIN("currency_code") AS "m12"
FROM "public"."payments"
WHERE "paid_on" >= CAST($since AS DATE);

-- s2: payments.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."payments" WHERE "paid_on" >= CAST($since AS DATE) AND "id" IS NOT NULL) AS "assay_keys";

-- s3: payments.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."payments" WHERE "paid_on" >= CAST($since AS DATE) AND "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: payments.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."payments" WHERE "paid_on" >= CAST($since AS DATE) AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of payments.id.required
SELECT
  "id" AS "id"
FROM "public"."payments"
WHERE "paid_on" >= CAST($since AS DATE)
  AND "id" IS NULL
LIMIT 100;

-- failed rows of payments.id.unique
SELECT
  "id" AS "id"
FROM "public"."payments"
WHERE "paid_on" >= CAST($since AS DATE)
  AND "id" IN (SELECT "id" FROM "public"."payments" WHERE "paid_on" >= CAST($since AS DATE) AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of payments.paid_on.required
SELECT
  "id" AS "id",
  "paid_on" AS "paid_on"
FROM "public"."payments"
WHERE "paid_on" >= CAST($since AS DATE)
  AND "paid_on" IS NULL
LIMIT 100;

-- failed rows of payments.amount.compare
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."payments"
WHERE "paid_on" >= CAST($since AS DATE)
  AND "amount" <= 0
LIMIT 100;

-- failed rows of payments.currency_code.in
SELECT
  "id" AS "id",
  "currency_code" AS "currency_code"
FROM "public"."payments"
WHERE "paid_on" >= CAST($since AS DATE)
  AND "currency_code" NOT IN ('EUR', 'USD')
LIMIT 100;

-- failed rows of payments.in_currency
SELECT
  "id" AS "id",
  "currency_code" AS "currency_code"
FROM "public"."payments"
WHERE "paid_on" >= CAST($since AS DATE)
  AND "currency_code" <> CAST($currency AS VARCHAR)
LIMIT 100;
