-- demo.terms 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: terms.term.unique, terms.term.compare, terms.ordered, terms.term.min, terms.term.max, terms.term.distinct, terms.folded, terms.greatest_term
SELECT
  COUNT(*) AS "m3",
  COALESCE(COUNT_IF("term" >= 'ÿ'), 0) AS "m4",
  COALESCE(COUNT_IF("pair" IS NOT NULL AND "term" >= "pair"), 0) AS "m5",
  COALESCE(COUNT_IF("pair" IS NOT NULL), 0) AS "m6",
  MIN("term") AS "m7",
  MAX("term") AS "m8",
  COUNT(DISTINCT "term") AS "m9",
  COUNT(DISTINCT LOWER("term")) AS "m10",
  MAX(CASE WHEN "term" IS NULL THEN NULL ELSE GREATEST("term", 'm') END) AS "m11"
FROM "public"."terms";

-- s2: terms.term.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m1"
FROM (SELECT "term" <= LAG("term") OVER () AS "assay_step" FROM "public"."terms" WHERE "term" IS NOT NULL) AS "assay_keys";

-- s3: terms.term.unique
-- only where m1 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m2"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."terms" WHERE "term" IS NOT NULL GROUP BY "term" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of terms.term.unique
SELECT
  "term" AS "term"
FROM "public"."terms"
WHERE "term" IN (SELECT "term" FROM "public"."terms" WHERE "term" IS NOT NULL GROUP BY "term" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of terms.term.compare
SELECT
  "term" AS "term"
FROM "public"."terms"
WHERE "term" >= 'ÿ'
LIMIT 100;

-- failed rows of terms.ordered
SELECT
  "term" AS "term",
  "pair" AS "pair"
FROM "public"."terms"
WHERE "pair" IS NOT NULL
  AND "term" >= "pair"
LIMIT 100;
