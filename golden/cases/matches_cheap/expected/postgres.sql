-- demo.names 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: names.prefix.matches, names.suffix.matches, names.piece.matches, names.whole.matches, names.letters.matches, names.hex.matches, names.anything.matches
SELECT
  COUNT(*) FILTER (WHERE NOT STARTS_WITH("prefix", 'ab%')) AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE NOT "suffix" LIKE '%\_x' ESCAPE '\') AS "m3",
  COUNT(*) FILTER (WHERE STRPOS("piece", '5%') <= 0) AS "m4",
  COUNT(*) FILTER (WHERE "whole" <> 'a_b') AS "m5",
  COUNT(*) FILTER (WHERE NOT "letters" ~ '^[a-z]+$') AS "m6",
  COUNT(*) FILTER (WHERE NOT "hex" ~ '^[0-9a-f]{4}$') AS "m7",
  COUNT(*) FILTER (WHERE NOT "anything" ~ '^[a-z]*$') AS "m8"
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
WHERE NOT "suffix" LIKE '%\_x' ESCAPE '\'
LIMIT 100;

-- failed rows of names.piece.matches
SELECT
  "piece" AS "piece"
FROM "public"."names"
WHERE STRPOS("piece", '5%') <= 0
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
WHERE NOT "letters" ~ '^[a-z]+$'
LIMIT 100;

-- failed rows of names.hex.matches
SELECT
  "hex" AS "hex"
FROM "public"."names"
WHERE NOT "hex" ~ '^[0-9a-f]{4}$'
LIMIT 100;

-- failed rows of names.anything.matches
SELECT
  "anything" AS "anything"
FROM "public"."names"
WHERE NOT "anything" ~ '^[a-z]*$'
LIMIT 100;
