-- demo.lines 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: lines.whole.matches, lines.dots.matches, lines.blank.matches, lines.not_d.matches, lines.set.matches
SELECT
  COALESCE(COUNT_IF("whole" <> 'abc'), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("dots", '^a[^\n]c$')), 0) AS "m3",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("blank", '^a[ \t\n\r\f\v]c$')), 0) AS "m4",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("not_d", '^[^0-9]+$')), 0) AS "m5",
  COALESCE(COUNT_IF(NOT CASE WHEN CONTAINS("set", 'b') THEN FALSE ELSE "set" LIKE '_%' END), 0) AS "m6"
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
WHERE NOT REGEXP_MATCHES("dots", '^a[^\n]c$')
LIMIT 100;

-- failed rows of lines.blank.matches
SELECT
  "blank" AS "blank"
FROM "public"."lines"
WHERE NOT REGEXP_MATCHES("blank", '^a[ \t\n\r\f\v]c$')
LIMIT 100;

-- failed rows of lines.not_d.matches
SELECT
  "not_d" AS "not_d"
FROM "public"."lines"
WHERE NOT REGEXP_MATCHES("not_d", '^[^0-9]+$')
LIMIT 100;

-- failed rows of lines.set.matches
SELECT
  "set" AS "set"
FROM "public"."lines"
WHERE NOT CASE WHEN CONTAINS("set", 'b') THEN FALSE ELSE "set" LIKE '_%' END
LIMIT 100;
