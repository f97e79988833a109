-- demo.readers 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: readers.id.duplicates, readers.name.duplicates, readers.name_share, readers.name.distinct, readers.name+born.distinct, readers.town.distinct, readers.towns_folded
SELECT
  COUNT("id") AS "m1",
  COUNT(DISTINCT "id") AS "m2",
  COUNT(*) AS "m4",
  COUNT(CASE WHEN "name" NOT IN ('?') THEN "name" END) AS "m5",
  COUNT(DISTINCT CASE WHEN "name" NOT IN ('?') THEN "name" END) AS "m6",
  COUNT(DISTINCT (CASE WHEN "name" NOT IN ('?') THEN "name" END, "born")) FILTER (WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IS NOT NULL AND "born" IS NOT NULL) AS "m9",
  COUNT(DISTINCT "town") FILTER (WHERE "born" >= CAST('1990-01-01' AS DATE)) AS "m10",
  COUNT(LOWER("town")) AS "m11",
  COUNT(DISTINCT LOWER("town")) AS "m12"
FROM "public"."readers";

-- s2: readers.id.duplicates
-- only where (m1 - m2) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m3"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."readers" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s3: readers.name.duplicates, readers.name_share
-- only where (m5 - m6) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m7"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."readers" WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IS NOT NULL GROUP BY CASE WHEN "name" NOT IN ('?') THEN "name" END HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: readers.name+born.duplicates
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m8"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."readers" WHERE CASE WHEN "name" NOT IN ('?') THEN "name" END IS NOT NULL AND "born" IS NOT NULL GROUP BY CASE WHEN "name" NOT IN ('?') THEN "name" END, "born" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: readers.towns_folded
-- only where (m11 - m12) is not 0, else 0
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
