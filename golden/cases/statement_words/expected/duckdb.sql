-- demo.words 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: words.rows.required, words.column.required, words.filter.in, words.version.compare, words.check, words.when, words.version.sum, words.missing.missing
SELECT
  COUNT(*) AS "m1",
  COUNT("rows") AS "m2",
  COUNT("column") AS "m3",
  COALESCE(COUNT_IF("filter" NOT IN ('filter')), 0) AS "m4",
  COALESCE(COUNT_IF("version" <= 0), 0) AS "m5",
  COALESCE(COUNT_IF("version" >= "rows"), 0) AS "m6",
  COALESCE(COUNT_IF("match" = 'x' AND "version" IS NULL), 0) AS "m7",
  COALESCE(COUNT_IF("match" = 'x'), 0) AS "m8",
  SUM("version") AS "m9",
  COUNT("missing") AS "m10"
FROM "public"."words";

-- failed rows of words.rows.required
SELECT
  "rows" AS "rows"
FROM "public"."words"
WHERE "rows" IS NULL
LIMIT 100;

-- failed rows of words.column.required
SELECT
  "column" AS "column"
FROM "public"."words"
WHERE "column" IS NULL
LIMIT 100;

-- failed rows of words.filter.in
SELECT
  "filter" AS "filter"
FROM "public"."words"
WHERE "filter" NOT IN ('filter')
LIMIT 100;

-- failed rows of words.version.compare
SELECT
  "version" AS "version"
FROM "public"."words"
WHERE "version" <= 0
LIMIT 100;

-- failed rows of words.check
SELECT
  "version" AS "version",
  "rows" AS "rows"
FROM "public"."words"
WHERE "version" >= "rows"
LIMIT 100;

-- failed rows of words.when
SELECT
  "version" AS "version",
  "match" AS "match"
FROM "public"."words"
WHERE "match" = 'x'
  AND "version" IS NULL
LIMIT 100;
