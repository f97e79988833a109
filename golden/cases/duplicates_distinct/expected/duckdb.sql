-- demo.readers 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: readers.id.duplicates, readers.name_share, readers.name.distinct, readers.name+born.distinct, readers.town.distinct
SELECT
  COUNT("id") AS "m3",
  COUNT(*) AS "m5",
  COUNT(DISTINCT CASE WHEN "name" NOT IN ('?') THEN "name" END) AS "m9",
  COUNT(DISTINCT (CASE WHEN "name" NOT IN ('?') THEN "name" END, "born")) FILTER (WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IS NOT NULL AND "born" IS NOT NULL) AS "m10",
  COUNT(DISTINCT "town") FILTER (WHERE "born" >= CAST('1990-01-01' AS DATE)) AS "m11"
FROM "public"."readers";

-- s2: readers.id.duplicates
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m1"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."readers" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: readers.id.duplicates
-- only where m1 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m2"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."readers" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: readers.id.duplicates
-- only where (m1 * (m3 - m2)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."readers" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: readers.name.duplicates, readers.name_share
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m6"
FROM (SELECT CASE WHEN "name" NOT IN ('?') THEN "name" END <= LAG(CASE WHEN "name" NOT IN ('?') THEN "name" END) OVER () AS "assay_step" FROM "public"."readers" WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IS NOT NULL) AS "assay_keys";

-- s6: readers.name.duplicates, readers.name_share
-- only where m6 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m7"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."readers" WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IS NOT NULL GROUP BY CASE WHEN "name" NOT IN ('?') THEN "name" END HAVING COUNT(*) > 1) AS "assay_keys";

-- s7: readers.name+born.duplicates
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m8"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."readers" WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IS NOT NULL AND "born" IS NOT NULL GROUP BY CASE WHEN "name" NOT IN ('?') THEN "name" END, "born" HAVING COUNT(*) > 1) AS "assay_keys";

-- s8: readers.towns_folded
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m12"
FROM (SELECT LOWER("town") <= LAG(LOWER("town")) OVER () AS "assay_step" FROM "public"."readers" WHERE LOWER("town") IS NOT NULL) AS "assay_keys";

-- s9: readers.towns_folded
-- only where m12 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m13"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."readers" WHERE LOWER("town") IS NOT NULL GROUP BY LOWER("town") HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of readers.id.duplicates
SELECT
  "id" AS "id"
FROM "public"."readers"
WHERE "id" IN (SELECT "id" FROM "public"."readers" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of readers.name_share
SELECT
  "name" AS "name"
FROM "public"."readers"
WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IN (SELECT CASE WHEN "name" NOT IN ('?') THEN "name" END FROM "public"."readers" WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IS NOT NULL GROUP BY CASE WHEN "name" NOT IN ('?') THEN "name" END HAVING COUNT(*) > 1)
LIMIT 100;
