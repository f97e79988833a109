-- demo.labels 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: labels.short.length, labels.exact.length, labels.range.length, labels.some.length, labels.other.length
SELECT
  COUNT(*) FILTER (WHERE LENGTH("short") > 3) AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE LENGTH("exact") <> 3) AS "m3",
  COUNT(*) FILTER (WHERE LENGTH("range") NOT BETWEEN 1 AND 2) AS "m4",
  COUNT(*) FILTER (WHERE LENGTH("some") <= 0) AS "m5",
  COUNT(*) FILTER (WHERE LENGTH("other") = 4) AS "m6"
FROM "public"."labels";

-- failed rows of labels.short.length
SELECT
  "short" AS "short"
FROM "public"."labels"
WHERE LENGTH("short") > 3
LIMIT 100;

-- failed rows of labels.exact.length
SELECT
  "exact" AS "exact"
FROM "public"."labels"
WHERE LENGTH("exact") <> 3
LIMIT 100;

-- failed rows of labels.range.length
SELECT
  "range" AS "range"
FROM "public"."labels"
WHERE LENGTH("range") NOT BETWEEN 1 AND 2
LIMIT 100;

-- failed rows of labels.some.length
SELECT
  "some" AS "some"
FROM "public"."labels"
WHERE LENGTH("some") <= 0
LIMIT 100;

-- failed rows of labels.other.length
SELECT
  "other" AS "other"
FROM "public"."labels"
WHERE LENGTH("other") = 4
LIMIT 100;
