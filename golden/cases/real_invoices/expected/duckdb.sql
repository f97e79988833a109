-- finance.invoices 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: invoices.number.required, invoices.number.unique, invoices.number.compare, invoices.customer.required, invoices.issued.required, invoices.due.required, invoices.net.required, invoices.vat_rate.required, invoices.vat_rate.in, invoices.vat.required, invoices.total.required, invoices.iban.matches, invoices.due_in_time, invoices.vat_is_right, invoices.total_is_right, invoices.month_end, invoices.no_gaps, invoices.adds_up
SELECT
  COUNT(*) AS "m1",
  COUNT("number") AS "m2",
  COALESCE(COUNT_IF("number" <= 0), 0) AS "m6",
  COUNT("customer") AS "m7",
  COUNT("issued") AS "m8",
  COUNT("due") AS "m9",
  COUNT("net") AS "m10",
  COUNT("vat_rate") AS "m11",
  COALESCE(COUNT_IF("vat_rate" NOT IN (0, 0.06, 0.21)), 0) AS "m12",
  COUNT("vat") AS "m13",
  COUNT("total") AS "m14",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("iban", '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$')), 0) AS "m15",
  COALESCE(COUNT_IF(CAST("due" - "issued" AS BIGINT) NOT BETWEEN 14 AND 60), 0) AS "m16",
  COALESCE(COUNT_IF("vat" <> ROUND("net" * "vat_rate", 2)), 0) AS "m17",
  COALESCE(COUNT_IF("total" <> "net" + "vat"), 0) AS "m18",
  COALESCE(COUNT_IF("vat_rate" = 0 AND "issued" <> CAST(CAST(DATE_TRUNC('month', CAST("issued" AS TIMESTAMP)) AS DATE) + CAST('1 months' AS INTERVAL) AS DATE) - 1), 0) AS "m19",
  COALESCE(COUNT_IF("vat_rate" = 0), 0) AS "m20",
  MAX("number") AS "m21",
  MIN("number") AS "m22",
  COUNT(DISTINCT "number") AS "m23",
  CAST(SUM("total") AS DECIMAL(38, 2)) AS "m24",
  CAST(SUM("net") AS DECIMAL(38, 2)) AS "m25",
  CAST(SUM("vat") AS DECIMAL(38, 2)) AS "m26"
FROM "public"."invoices";

-- s2: invoices.number.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "number" <= LAG("number") OVER () AS "assay_step" FROM "public"."invoices" WHERE "number" IS NOT NULL) AS "assay_keys";

-- s3: invoices.number.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("number" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."invoices" WHERE "number" IS NOT NULL GROUP BY "number" >> 6) AS "assay_keys";

-- s4: invoices.number.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."invoices" WHERE "number" IS NOT NULL GROUP BY "number" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: invoices.net.sum
SELECT
  "customer" AS "g1",
  CAST(SUM("net") AS DECIMAL(38, 2)) AS "m27"
FROM "public"."invoices"
GROUP BY "customer";

-- failed rows of invoices.number.required
SELECT
  "number" AS "number"
FROM "public"."invoices"
WHERE "number" IS NULL
LIMIT 100;

-- failed rows of invoices.number.unique
SELECT
  "number" AS "number"
FROM "public"."invoices"
WHERE "number" IN (SELECT "number" FROM "public"."invoices" WHERE "number" IS NOT NULL GROUP BY "number" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of invoices.number.compare
SELECT
  "number" AS "number"
FROM "public"."invoices"
WHERE "number" <= 0
LIMIT 100;

-- failed rows of invoices.customer.required
SELECT
  "number" AS "number",
  "customer" AS "customer"
FROM "public"."invoices"
WHERE "customer" IS NULL
LIMIT 100;

-- failed rows of invoices.issued.required
SELECT
  "number" AS "number",
  "issued" AS "issued"
FROM "public"."invoices"
WHERE "issued" IS NULL
LIMIT 100;

-- failed rows of invoices.due.required
SELECT
  "number" AS "number",
  "due" AS "due"
FROM "public"."invoices"
WHERE "due" IS NULL
LIMIT 100;

-- failed rows of invoices.net.required
SELECT
  "number" AS "number",
  "net" AS "net"
FROM "public"."invoices"
WHERE "net" IS NULL
LIMIT 100;

-- failed rows of invoices.vat_rate.required
SELECT
  "number" AS "number",
  "vat_rate" AS "vat_rate"
FROM "public"."invoices"
WHERE "vat_rate" IS NULL
LIMIT 100;

-- failed rows of invoices.vat_rate.in
SELECT
  "number" AS "number",
  "vat_rate" AS "vat_rate"
FROM "public"."invoices"
WHERE "vat_rate" NOT IN (0, 0.06, 0.21)
LIMIT 100;

-- failed rows of invoices.vat.required
SELECT
  "number" AS "number",
  "vat" AS "vat"
FROM "public"."invoices"
WHERE "vat" IS NULL
LIMIT 100;

-- failed rows of invoices.total.required
SELECT
  "number" AS "number",
  "total" AS "total"
FROM "public"."invoices"
WHERE "total" IS NULL
LIMIT 100;

-- failed rows of invoices.iban.matches
SELECT
  "number" AS "number",
  "iban" AS "iban"
FROM "public"."invoices"
WHERE NOT REGEXP_MATCHES("iban", '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$')
LIMIT 100;

-- failed rows of invoices.due_in_time
SELECT
  "number" AS "number",
  "issued" AS "issued",
  "due" AS "due"
FROM "public"."invoices"
WHERE CAST("due" - "issued" AS BIGINT) NOT BETWEEN 14 AND 60
LIMIT 100;

-- failed rows of invoices.vat_is_right
SELECT
  "number" AS "number",
  "vat" AS "vat",
  "net" AS "net",
  "vat_rate" AS "vat_rate"
FROM "public"."invoices"
WHERE "vat" <> ROUND("net" * "vat_rate", 2)
LIMIT 100;

-- failed rows of invoices.total_is_right
SELECT
  "number" AS "number",
  "total" AS "total",
  "net" AS "net",
  "vat" AS "vat"
FROM "public"."invoices"
WHERE "total" <> "net" + "vat"
LIMIT 100;

-- failed rows of invoices.month_end
SELECT
  "number" AS "number",
  "issued" AS "issued",
  "vat_rate" AS "vat_rate"
FROM "public"."invoices"
WHERE "vat_rate" = 0
  AND "issued" <> CAST(CAST(DATE_TRUNC('month', CAST("issued" AS TIMESTAMP)) AS DATE) + CAST('1 months' AS INTERVAL) AS DATE) - 1
LIMIT 100;
