-- demo.names 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: names.prefix.matches, names.suffix.matches, names.piece.matches, names.whole.matches, names.letters.matches, names.hex.matches, names.anything.matches
SELECT
  COALESCE(COUNT_IF(NOT STARTS_WITH("prefix", 'ab%')), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF(NOT SUFFIX("suffix", '_x')), 0) AS "m3",
  COALESCE(COUNT_IF(NOT CONTAINS("piece", '5%')), 0) AS "m4",
  COALESCE(COUNT_IF("whole" <> 'a_b'), 0) AS "m5",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("letters", '^[a-z]+$')), 0) AS "m6",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("hex", '^[0-9a-f]{4}$')), 0) AS "m7",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("anything", '^[a-z]*$')), 0) AS "m8"
FROM "public"."names";

-- failed rows of names.prefix.matches
SELECT
  "prefix" AS "prefix"
FROM "public"."names"
WHERE NOT STARTS_WITH("prefix", 'ab%')
LIMIT 100;

-- failed rows of names.suffix.matches
SELECT
  "suffix" AS "suffix"
FROM "public"."names"
WHERE NOT SUFFIX("suffix", '_x')
LIMIT 100;

-- failed rows of names.piece.matches
SELECT
  "piece" AS "piece"
FROM "public"."names"
WHERE NOT CONTAINS("piece", '5%')
LIMIT 100;

-- failed rows of names.whole.matches
SELECT
  "whole" AS "whole"
FROM "public"."names"
WHERE "whole" <> 'a_b'
LIMIT 100;

-- failed rows of names.letters.matches
SELECT
  "letters" AS "letters"
FROM "public"."names"
WHERE NOT REGEXP_MATCHES("letters", '^[a-z]+$')
LIMIT 100;

-- failed rows of names.hex.matches
SELECT
  "hex" AS "hex"
FROM "public"."names"
WHERE NOT REGEXP_MATCHES("hex", '^[0-9a-f]{4}$')
LIMIT 100;

-- failed rows of names.anything.matches
SELECT
  "anything" AS "anything"
FROM "public"."names"
WHERE NOT REGEXP_MATCHES("anything", '^[a-z]*$')
LIMIT 100;
