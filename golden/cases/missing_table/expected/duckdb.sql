-- demo.ghosts 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: ghosts.id.required, ghosts.id.unique, ghosts.name.required, ghosts.rows
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("name") AS "m6"
FROM "public"."ghosts"
WHERE "id" > 0;

-- s2: ghosts.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."ghosts" WHERE "id" > 0 AND "id" IS NOT NULL) AS "assay_keys";

-- s3: ghosts.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."ghosts" WHERE "id" > 0 AND "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: ghosts.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."ghosts" WHERE "id" > 0 AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: ghosts.per_name
SELECT
  "name" AS "g1",
  COUNT(*) AS "m7"
FROM "public"."ghosts"
WHERE "id" > 0
GROUP BY "name";

-- failed rows of ghosts.id.required
SELECT
  "id" AS "id"
FROM "public"."ghosts"
WHERE "id" > 0
  AND "id" IS NULL
LIMIT 100;

-- failed rows of ghosts.id.unique
SELECT
  "id" AS "id"
FROM "public"."ghosts"
WHERE "id" > 0
  AND "id" IN (SELECT "id" FROM "public"."ghosts" WHERE "id" > 0 AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of ghosts.name.required
SELECT
  "id" AS "id",
  "name" AS "name"
FROM "public"."ghosts"
WHERE "id" > 0
  AND "name" IS NULL
LIMIT 100;
