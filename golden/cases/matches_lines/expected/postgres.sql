-- demo.lines 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: lines.whole.matches, lines.dots.matches, lines.blank.matches, lines.not_d.matches, lines.set.matches
SELECT
  COUNT(*) FILTER (WHERE "whole" <> 'abc') AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE NOT "dots" ~ '^a[^\n]c$') AS "m3",
  COUNT(*) FILTER (WHERE NOT "blank" ~ '^a[ \t\n\r\f\v]c$') AS "m4",
  COUNT(*) FILTER (WHERE NOT "not_d" ~ '^[^0-9]+$') AS "m5",
  COUNT(*) FILTER (WHERE NOT CASE WHEN STRPOS("set", 'b') > 0 THEN FALSE ELSE "set" LIKE '_%' END) AS "m6"
FROM "public"."lines";

-- failed rows of lines.whole.matches
SELECT
  "whole" AS "whole"
FROM "public"."lines"
WHERE "whole" <> 'abc'
LIMIT 100;

-- failed rows of lines.dots.matches
SELECT
  "dots" AS "dots"
FROM "public"."lines"
WHERE NOT "dots" ~ '^a[^\n]c$'
LIMIT 100;

-- failed rows of lines.blank.matches
SELECT
  "blank" AS "blank"
FROM "public"."lines"
WHERE NOT "blank" ~ '^a[ \t\n\r\f\v]c$'
LIMIT 100;

-- failed rows of lines.not_d.matches
SELECT
  "not_d" AS "not_d"
FROM "public"."lines"
WHERE NOT "not_d" ~ '^[^0-9]+$'
LIMIT 100;

-- failed rows of lines.set.matches
SELECT
  "set" AS "set"
FROM "public"."lines"
WHERE NOT CASE WHEN STRPOS("set", 'b') > 0 THEN FALSE ELSE "set" LIKE '_%' END
LIMIT 100;
