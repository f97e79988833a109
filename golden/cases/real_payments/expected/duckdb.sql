-- finance.payments 1.3.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: payments.payment_id.required, payments.payment_id.unique, payments.payment_id.matches, payments.invoice_no.references, payments.amount.required, payments.amount.compare, payments.fee.required, payments.fee.compare, payments.currency.required, payments.currency.in, payments.paid_at.required, payments.refunded.required, payments.fee_below_amount, payments.refunds_have_no_fee, payments.cents, payments.fee_share, payments.refunded.count, payments.outlier
SELECT
  COUNT(*) AS "m1",
  COUNT("payment_id") AS "m2",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("payment_id", '^pay_[a-z0-9]{6}$')), 0) AS "m5",
  COUNT("amount") AS "m7",
  COALESCE(COUNT_IF("amount" <= 0), 0) AS "m8",
  COUNT("fee") AS "m9",
  COALESCE(COUNT_IF("fee" < 0), 0) AS "m10",
  COUNT(RTRIM("currency", ' ')) AS "m11",
  COALESCE(COUNT_IF(RTRIM("currency", ' ') NOT IN ('EUR', 'USD', 'GBP')), 0) AS "m12",
  COUNT("paid_at") AS "m13",
  COUNT("refunded") AS "m14",
  COALESCE(COUNT_IF("fee" >= "amount"), 0) AS "m15",
  COALESCE(COUNT_IF("refunded" AND "fee" <> 0), 0) AS "m16",
  COALESCE(COUNT_IF("refunded"), 0) AS "m17",
  COALESCE(COUNT_IF(ROUND("amount", 2) <> "amount"), 0) AS "m18",
  CAST(SUM("fee") AS DECIMAL(38, 4)) AS "m20",
  CAST(SUM("amount") AS DECIMAL(38, 4)) AS "m21",
  COALESCE(COUNT_IF("refunded"), 0) AS "m22",
  MAX("amount") AS "m23",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("amount" AS DOUBLE)) AS "m24"
FROM "public"."payments";

-- s2: payments.payment_id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "payment_id" <= LAG("payment_id") OVER () AS "assay_step" FROM "public"."payments" WHERE "payment_id" IS NOT NULL) AS "assay_keys";

-- s3: payments.payment_id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."payments" WHERE "payment_id" IS NOT NULL GROUP BY "payment_id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: payments.invoice_no.references
SELECT
  COUNT(*) AS "m6"
FROM "public"."payments" AS "assay_dataset"
WHERE "assay_dataset"."invoice_no" IS NOT NULL
  AND "assay_dataset"."invoice_no" NOT IN (SELECT "assay_target"."invoice_no" FROM "public"."invoices" AS "assay_target" WHERE "assay_target"."invoice_no" IS NOT NULL);

-- s5: payments.amount+fee.sum
SELECT
  RTRIM("currency", ' ') AS "g1",
  CAST(SUM("amount" - "fee") AS DECIMAL(38, 4)) AS "m19"
FROM "public"."payments"
GROUP BY RTRIM("currency", ' ');

-- failed rows of payments.payment_id.required
SELECT
  "payment_id" AS "payment_id"
FROM "public"."payments"
WHERE "payment_id" IS NULL
LIMIT 100;

-- failed rows of payments.payment_id.unique
SELECT
  "payment_id" AS "payment_id"
FROM "public"."payments"
WHERE "payment_id" IN (SELECT "payment_id" FROM "public"."payments" WHERE "payment_id" IS NOT NULL GROUP BY "payment_id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of payments.payment_id.matches
SELECT
  "payment_id" AS "payment_id"
FROM "public"."payments"
WHERE NOT REGEXP_MATCHES("payment_id", '^pay_[a-z0-9]{6}$')
LIMIT 100;

-- failed rows of payments.invoice_no.references
SELECT
  "assay_dataset"."payment_id" AS "payment_id",
  "assay_dataset"."invoice_no" AS "invoice_no"
FROM "public"."payments" AS "assay_dataset"
WHERE "assay_dataset"."invoice_no" IS NOT NULL
  AND "assay_dataset"."invoice_no" NOT IN (SELECT "assay_target"."invoice_no" FROM "public"."invoices" AS "assay_target" WHERE "assay_target"."invoice_no" IS NOT NULL)
LIMIT 100;

-- failed rows of payments.amount.required
SELECT
  "payment_id" AS "payment_id",
  "amount" AS "amount"
FROM "public"."payments"
WHERE "amount" IS NULL
LIMIT 100;

-- failed rows of payments.amount.compare
SELECT
  "payment_id" AS "payment_id",
  "amount" AS "amount"
FROM "public"."payments"
WHERE "amount" <= 0
LIMIT 100;

-- failed rows of payments.fee.required
SELECT
  "payment_id" AS "payment_id",
  "fee" AS "fee"
FROM "public"."payments"
WHERE "fee" IS NULL
LIMIT 100;

-- failed rows of payments.fee.compare
SELECT
  "payment_id" AS "payment_id",
  "fee" AS "fee"
FROM "public"."payments"
WHERE "fee" < 0
LIMIT 100;

-- failed rows of payments.currency.required
SELECT
  "payment_id" AS "payment_id",
  "currency" AS "currency"
FROM "public"."payments"
WHERE RTRIM("currency", ' ') IS NULL
LIMIT 100;

-- failed rows of payments.currency.in
SELECT
  "payment_id" AS "payment_id",
  "currency" AS "currency"
FROM "public"."payments"
WHERE RTRIM("currency", ' ') NOT IN ('EUR', 'USD', 'GBP')
LIMIT 100;

-- failed rows of payments.paid_at.required
SELECT
  "payment_id" AS "payment_id",
  "paid_at" AS "paid_at"
FROM "public"."payments"
WHERE "paid_at" IS NULL
LIMIT 100;

-- failed rows of payments.refunded.required
SELECT
  "payment_id" AS "payment_id",
  "refunded" AS "refunded"
FROM "public"."payments"
WHERE "refunded" IS NULL
LIMIT 100;

-- failed rows of payments.fee_below_amount
SELECT
  "payment_id" AS "payment_id",
  "fee" AS "fee",
  "amount" AS "amount"
FROM "public"."payments"
WHERE "fee" >= "amount"
LIMIT 100;

-- failed rows of payments.refunds_have_no_fee
SELECT
  "payment_id" AS "payment_id",
  "fee" AS "fee",
  "refunded" AS "refunded"
FROM "public"."payments"
WHERE "refunded"
  AND "fee" <> 0
LIMIT 100;

-- failed rows of payments.cents
SELECT
  "payment_id" AS "payment_id",
  "amount" AS "amount"
FROM "public"."payments"
WHERE ROUND("amount", 2) <> "amount"
LIMIT 100;

-- failed rows of payments.refunded.count
SELECT
  "payment_id" AS "payment_id",
  "refunded" AS "refunded"
FROM "public"."payments"
WHERE "refunded"
LIMIT 100;
