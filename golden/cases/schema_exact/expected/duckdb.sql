-- demo.items 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: items.name.required, items.id.required, items.id.unique
SELECT
  COUNT(*) AS "m1",
  COUNT("name") AS "m2",
  COUNT("id") AS "m3"
FROM "public"."items";

-- s2: items.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m4"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."items" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: items.id.unique
-- only where m4 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m5"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."items" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: items.id.unique
-- only where (m4 * (m3 - m5)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m6"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."items" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of items.name.required
SELECT
  "id" AS "id",
  "name" AS "name"
FROM "public"."items"
WHERE "name" IS NULL
LIMIT 100;

-- failed rows of items.id.required
SELECT
  "id" AS "id"
FROM "public"."items"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of items.id.unique
SELECT
  "id" AS "id"
FROM "public"."items"
WHERE "id" IN (SELECT "id" FROM "public"."items" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;
