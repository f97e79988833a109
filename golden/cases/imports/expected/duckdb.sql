-- demo.clients 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: clients.id.required, clients.id.unique, clients.vat.matches, clients.status.required, clients.period, clients.active_has_vat, clients.credit_limit, clients.active_share
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("vat", '^[A-Z]{2}[0-9]{8,12}$')), 0) AS "m6",
  COUNT("status") AS "m7",
  COALESCE(COUNT_IF("since" > "until"), 0) AS "m8",
  COALESCE(COUNT_IF("status" IN ('active', 'trial') AND "vat" IS NULL), 0) AS "m9",
  COALESCE(COUNT_IF("status" IN ('active', 'trial')), 0) AS "m10",
  COALESCE(COUNT_IF("credit" NOT BETWEEN 0 AND 1000), 0) AS "m11",
  COALESCE(COUNT_IF("status" IN ('active', 'trial')), 0) AS "m12"
FROM "public"."clients";

-- s2: clients.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."clients" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: clients.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."clients" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: clients.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."clients" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of clients.id.required
SELECT
  "id" AS "id"
FROM "public"."clients"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of clients.id.unique
SELECT
  "id" AS "id"
FROM "public"."clients"
WHERE "id" IN (SELECT "id" FROM "public"."clients" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of clients.vat.matches
SELECT
  "id" AS "id",
  "vat" AS "vat"
FROM "public"."clients"
WHERE NOT REGEXP_MATCHES("vat", '^[A-Z]{2}[0-9]{8,12}$')
LIMIT 100;

-- failed rows of clients.status.required
SELECT
  "id" AS "id",
  "status" AS "status"
FROM "public"."clients"
WHERE "status" IS NULL
LIMIT 100;

-- failed rows of clients.period
SELECT
  "id" AS "id",
  "since" AS "since",
  "until" AS "until"
FROM "public"."clients"
WHERE "since" > "until"
LIMIT 100;

-- failed rows of clients.active_has_vat
SELECT
  "id" AS "id",
  "vat" AS "vat",
  "status" AS "status"
FROM "public"."clients"
WHERE "status" IN ('active', 'trial')
  AND "vat" IS NULL
LIMIT 100;

-- failed rows of clients.credit_limit
SELECT
  "id" AS "id",
  "credit" AS "credit"
FROM "public"."clients"
WHERE "credit" NOT BETWEEN 0 AND 1000
LIMIT 100;
