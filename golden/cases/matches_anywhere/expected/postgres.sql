-- demo.codes 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: codes.code.matches, codes.same.matches, codes.tail.matches, codes.head.matches, codes.dot.matches, codes.word.matches, codes.alt.matches
SELECT
  COUNT(*) FILTER (WHERE NOT "code" ~ '[0-9]') AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE NOT "same" ~ '^[0-9]+$') AS "m3",
  COUNT(*) FILTER (WHERE "tail" NOT LIKE '%.csv') AS "m4",
  COUNT(*) FILTER (WHERE NOT "head" ~ '^https?://') AS "m5",
  COUNT(*) FILTER (WHERE NOT "dot" ~ '^[^\n]$') AS "m6",
  COUNT(*) FILTER (WHERE NOT "word" ~ '^[A-Za-z0-9_]+[ \t\n\r\f\v][A-Za-z0-9_]+$') AS "m7",
  COUNT(*) FILTER (WHERE NOT "alt" ~ '^(?:a|bc)+$|^none$') AS "m8"
FROM "public"."codes";

-- failed rows of codes.code.matches
SELECT
  "code" AS "code"
FROM "public"."codes"
WHERE NOT "code" ~ '[0-9]'
LIMIT 100;

-- failed rows of codes.same.matches
SELECT
  "same" AS "same"
FROM "public"."codes"
WHERE NOT "same" ~ '^[0-9]+$'
LIMIT 100;

-- failed rows of codes.tail.matches
SELECT
  "tail" AS "tail"
FROM "public"."codes"
WHERE "tail" NOT LIKE '%.csv'
LIMIT 100;

-- failed rows of codes.head.matches
SELECT
  "head" AS "head"
FROM "public"."codes"
WHERE NOT "head" ~ '^https?://'
LIMIT 100;

-- failed rows of codes.dot.matches
SELECT
  "dot" AS "dot"
FROM "public"."codes"
WHERE NOT "dot" ~ '^[^\n]$'
LIMIT 100;

-- failed rows of codes.word.matches
SELECT
  "word" AS "word"
FROM "public"."codes"
WHERE NOT "word" ~ '^[A-Za-z0-9_]+[ \t\n\r\f\v][A-Za-z0-9_]+$'
LIMIT 100;

-- failed rows of codes.alt.matches
SELECT
  "alt" AS "alt"
FROM "public"."codes"
WHERE NOT "alt" ~ '^(?:a|bc)+$|^none$'
LIMIT 100;
