-- demo.joined 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: joined.id.required, joined.id.unique, joined.amount.compare, joined.name.unique, joined.name.matches, joined.name.length, joined.status.required, joined.status.in, joined.amount.missing, joined.amount.sum, joined.amount.avg, joined.name.max, joined.name.distinct, joined.positives, joined.day.freshness, joined.name.valid, joined.name.invalid
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("amount" <= 0), 0) AS "m6",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("name", '^[a-z]+$')), 0) AS "m9",
  COALESCE(COUNT_IF(LENGTH("name") <= 2), 0) AS "m10",
  COUNT("status") AS "m11",
  COALESCE(COUNT_IF("status" NOT IN ('a', 'b')), 0) AS "m12",
  COUNT("amount") AS "m13",
  CAST(SUM("amount") AS DECIMAL(38, 2)) AS "m14",
  MAX("name") AS "m15",
  COUNT(DISTINCT "name") AS "m16",
  COALESCE(COUNT_IF("amount" > 0), 0) AS "m17",
  EPOCH_US(CAST(MAX("day") AS TIMESTAMP)) AS "m18",
  COALESCE(COUNT_IF("name" IS NOT NULL AND (NOT REGEXP_MATCHES("name", '^[a-z]+$') OR LENGTH("name") <= 2) IS NOT TRUE), 0) AS "m19",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("name", '^[a-z]+$') OR LENGTH("name") <= 2), 0) AS "m20"
FROM "public"."joined";

-- s2: joined.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."joined" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: joined.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."joined" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: joined.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."joined" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: joined.name.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m7"
FROM (SELECT "name" <= LAG("name") OVER () AS "assay_step" FROM "public"."joined" WHERE "name" IS NOT NULL) AS "assay_keys";

-- s6: joined.name.unique
-- only where m7 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m8"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."joined" WHERE "name" IS NOT NULL GROUP BY "name" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of joined.id.required
SELECT
  "id" AS "id"
FROM "public"."joined"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of joined.id.unique
SELECT
  "id" AS "id"
FROM "public"."joined"
WHERE "id" IN (SELECT "id" FROM "public"."joined" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of joined.amount.compare
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."joined"
WHERE "amount" <= 0
LIMIT 100;

-- failed rows of joined.name.unique
SELECT
  "id" AS "id",
  "name" AS "name"
FROM "public"."joined"
WHERE "name" IN (SELECT "name" FROM "public"."joined" WHERE "name" IS NOT NULL GROUP BY "name" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of joined.name.matches
SELECT
  "id" AS "id",
  "name" AS "name"
FROM "public"."joined"
WHERE NOT REGEXP_MATCHES("name", '^[a-z]+$')
LIMIT 100;

-- failed rows of joined.name.length
SELECT
  "id" AS "id",
  "name" AS "name"
FROM "public"."joined"
WHERE LENGTH("name") <= 2
LIMIT 100;

-- failed rows of joined.status.required
SELECT
  "id" AS "id",
  "status" AS "status"
FROM "public"."joined"
WHERE "status" IS NULL
LIMIT 100;

-- failed rows of joined.status.in
SELECT
  "id" AS "id",
  "status" AS "status"
FROM "public"."joined"
WHERE "status" NOT IN ('a', 'b')
LIMIT 100;

-- failed rows of joined.amount.missing
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."joined"
WHERE "amount" IS NULL
LIMIT 100;

-- failed rows of joined.positives
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."joined"
WHERE "amount" > 0
LIMIT 100;

-- failed rows of joined.name.invalid
SELECT
  "id" AS "id",
  "name" AS "name"
FROM "public"."joined"
WHERE NOT REGEXP_MATCHES("name", '^[a-z]+$') OR LENGTH("name") <= 2
LIMIT 100;
