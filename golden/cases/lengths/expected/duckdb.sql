-- demo.labels 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: labels.short.length, labels.exact.length, labels.range.length, labels.some.length, labels.other.length
SELECT
  COALESCE(COUNT_IF(LENGTH("short") > 3), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF(LENGTH("exact") <> 3), 0) AS "m3",
  COALESCE(COUNT_IF(LENGTH("range") NOT BETWEEN 1 AND 2), 0) AS "m4",
  COALESCE(COUNT_IF(LENGTH("some") <= 0), 0) AS "m5",
  COALESCE(COUNT_IF(LENGTH("other") = 4), 0) AS "m6"
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
