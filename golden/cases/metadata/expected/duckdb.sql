-- shop.catalogue 2.10.0-beta.1 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: catalogue.id.required, catalogue.id.unique, catalogue.title.required, catalogue.titled, catalogue.sold
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("title") AS "m6",
  COALESCE(COUNT_IF("title" = '-'), 0) AS "m7"
FROM "public"."catalogue";

-- s2: catalogue.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."catalogue" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: catalogue.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."catalogue" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: catalogue.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."catalogue" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of catalogue.id.required
SELECT
  "id" AS "id"
FROM "public"."catalogue"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of catalogue.id.unique
SELECT
  "id" AS "id"
FROM "public"."catalogue"
WHERE "id" IN (SELECT "id" FROM "public"."catalogue" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of catalogue.title.required
SELECT
  "id" AS "id",
  "title" AS "title"
FROM "public"."catalogue"
WHERE "title" IS NULL
LIMIT 100;

-- failed rows of catalogue.titled
SELECT
  "id" AS "id",
  "title" AS "title"
FROM "public"."catalogue"
WHERE "title" = '-'
LIMIT 100;
