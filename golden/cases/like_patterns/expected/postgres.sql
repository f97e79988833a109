-- demo.files 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: files.csv, files.one_digit, files.percent, files.underscore, files.backslash, files.exact, files.anything, files.case_matters
SELECT
  COUNT(*) FILTER (WHERE "name" NOT LIKE '%.csv') AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE "name" NOT LIKE 'data_.csv') AS "m3",
  COUNT(*) FILTER (WHERE "name" LIKE '%\%%' ESCAPE '\') AS "m4",
  COUNT(*) FILTER (WHERE NOT "name" LIKE '%\_%' ESCAPE '\') AS "m5",
  COUNT(*) FILTER (WHERE "name" LIKE '%\\%' ESCAPE '\') AS "m6",
  COUNT(*) FILTER (WHERE "name" LIKE 'data') AS "m7",
  COUNT(*) FILTER (WHERE "name" NOT LIKE '%') AS "m8",
  COUNT(*) FILTER (WHERE "name" LIKE 'DATA%') AS "m9"
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
