-- demo.files 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: files.csv, files.one_digit, files.percent, files.underscore, files.backslash, files.exact, files.anything, files.case_matters
SELECT
  COALESCE(COUNT_IF("name" NOT LIKE '%.csv'), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF("name" NOT LIKE 'data_.csv'), 0) AS "m3",
  COALESCE(COUNT_IF("name" LIKE '%\%%' ESCAPE '\'), 0) AS "m4",
  COALESCE(COUNT_IF(NOT "name" LIKE '%\_%' ESCAPE '\'), 0) AS "m5",
  COALESCE(COUNT_IF("name" LIKE '%\\%' ESCAPE '\'), 0) AS "m6",
  COALESCE(COUNT_IF("name" LIKE 'data'), 0) AS "m7",
  COALESCE(COUNT_IF("name" NOT LIKE '%'), 0) AS "m8",
  COALESCE(COUNT_IF("name" LIKE 'DATA%'), 0) AS "m9"
FROM "public"."files";

-- failed rows of files.csv
SELECT
  "name" AS "name"
FROM "public"."files"
WHERE "name" NOT LIKE '%.csv'
LIMIT 100;

-- failed rows of files.one_digit
SELECT
  "name" AS "name"
FROM "public"."files"
WHERE "name" NOT LIKE 'data_.csv'
LIMIT 100;

-- failed rows of files.percent
SELECT
  "name" AS "name"
FROM "public"."files"
WHERE "name" LIKE '%\%%' ESCAPE '\'
LIMIT 100;

-- failed rows of files.underscore
SELECT
  "name" AS "name"
FROM "public"."files"
WHERE NOT "name" LIKE '%\_%' ESCAPE '\'
LIMIT 100;

-- failed rows of files.backslash
SELECT
  "name" AS "name"
FROM "public"."files"
WHERE "name" LIKE '%\\%' ESCAPE '\'
LIMIT 100;

-- failed rows of files.exact
SELECT
  "name" AS "name"
FROM "public"."files"
WHERE "name" LIKE 'data'
LIMIT 100;

-- failed rows of files.anything
SELECT
  "name" AS "name"
FROM "public"."files"
WHERE "name" NOT LIKE '%'
LIMIT 100;

-- failed rows of files.case_matters
SELECT
  "name" AS "name"
FROM "public"."files"
WHERE "name" LIKE 'DATA%'
LIMIT 100;
