-- demo.joined 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: joined.id.required, joined.id.unique, joined.amount.compare, joined.name.unique, joined.name.matches, joined.name.length, joined.status.required, joined.status.in, joined.amount.missing, joined.amount.sum, joined.amount.avg, joined.name.max, joined.positives, joined.day.freshness, joined.name.valid, joined.name.invalid
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE "amount" <= 0) AS "m5",
  COUNT("name") AS "m6",
  COUNT(*) FILTER (WHERE NOT "name" ~ '^[a-z]+$') AS "m9",
  COUNT(*) FILTER (WHERE LENGTH("name") <= 2) AS "m10",
  COUNT("status") AS "m11",
  COUNT(*) FILTER (WHERE "status" NOT IN ('a', 'b')) AS "m12",
  COUNT("amount") AS "m13",
  CAST(SUM("amount") AS NUMERIC(38, 2)) AS "m14",
  MAX("name" COLLATE "C") AS "m15",
  COUNT(*) FILTER (WHERE "amount" > 0) AS "m16",
  CAST(EXTRACT(EPOCH FROM MAX("day")) * 1000000 AS BIGINT) AS "m17",
  COUNT(*) FILTER (WHERE "name" IS NOT NULL AND (NOT "name" ~ '^[a-z]+$' OR LENGTH("name") <= 2) IS NOT TRUE) AS "m18",
  COUNT(*) FILTER (WHERE NOT "name" ~ '^[a-z]+$' OR LENGTH("name") <= 2) AS "m19"
FROM "public"."joined";

-- s2: joined.id.unique, joined.name.unique, joined.name.distinct
SELECT
  COUNT(DISTINCT "id") AS "m3",
  COUNT(DISTINCT "name" COLLATE "C") AS "m7"
FROM "public"."joined";

-- s3: joined.id.unique
-- only where (m2 - m3) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."joined" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: joined.name.unique
-- only where (m6 - m7) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m8"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."joined" WHERE "name" IS NOT NULL GROUP BY "name" COLLATE "C" HAVING COUNT(*) > 1) AS "assay_keys";

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
WHERE "name" IN (SELECT "name" COLLATE "C" FROM "public"."joined" WHERE "name" IS NOT NULL GROUP BY "name" COLLATE "C" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of joined.name.matches
SELECT
  "id" AS "id",
  "name" AS "name"
FROM "public"."joined"
WHERE NOT "name" ~ '^[a-z]+$'
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
WHERE NOT "name" ~ '^[a-z]+$' OR LENGTH("name") <= 2
LIMIT 100;
