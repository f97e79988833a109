-- demo.codes 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: codes.code.matches, codes.same.matches, codes.tail.matches, codes.head.matches, codes.dot.matches, codes.word.matches, codes.alt.matches
SELECT
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("code", '[0-9]')), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("same", '^[0-9]+$')), 0) AS "m3",
  COALESCE(COUNT_IF(NOT SUFFIX("tail", '.csv')), 0) AS "m4",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("head", '^https?://')), 0) AS "m5",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("dot", '^[^\n]$')), 0) AS "m6",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("word", '^[A-Za-z0-9_]+[ \t\n\r\f\v][A-Za-z0-9_]+$')), 0) AS "m7",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("alt", '^(?:a|bc)+$|^none$')), 0) AS "m8"
FROM "public"."codes";

-- failed rows of codes.code.matches
SELECT
  "code" AS "code"
FROM "public"."codes"
WHERE NOT REGEXP_MATCHES("code", '[0-9]')
LIMIT 100;

-- failed rows of codes.same.matches
SELECT
  "same" AS "same"
FROM "public"."codes"
WHERE NOT REGEXP_MATCHES("same", '^[0-9]+$')
LIMIT 100;

-- failed rows of codes.tail.matches
SELECT
  "tail" AS "tail"
FROM "public"."codes"
WHERE NOT SUFFIX("tail", '.csv')
LIMIT 100;

-- failed rows of codes.head.matches
SELECT
  "head" AS "head"
FROM "public"."codes"
WHERE NOT REGEXP_MATCHES("head", '^https?://')
LIMIT 100;

-- failed rows of codes.dot.matches
SELECT
  "dot" AS "dot"
FROM "public"."codes"
WHERE NOT REGEXP_MATCHES("dot", '^[^\n]$')
LIMIT 100;

-- failed rows of codes.word.matches
SELECT
  "word" AS "word"
FROM "public"."codes"
WHERE NOT REGEXP_MATCHES("word", '^[A-Za-z0-9_]+[ \t\n\r\f\v][A-Za-z0-9_]+$')
LIMIT 100;

-- failed rows of codes.alt.matches
SELECT
  "alt" AS "alt"
FROM "public"."codes"
WHERE NOT REGEXP_MATCHES("alt", '^(?:a|bc)+$|^none$')
LIMIT 100;
