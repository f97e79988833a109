-- demo.padded 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: padded.code.in, padded.code.length, padded.code.matches, padded.code.unique, padded.code.references, padded.word.in, padded.word.length, padded.same, padded.joined, padded.code.max, padded.code.distinct, padded.shortest
SELECT
  COALESCE(COUNT_IF(RTRIM("code", ' ') NOT IN ('ab', 'abc')), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF(LENGTH(RTRIM("code", ' ')) > 3), 0) AS "m3",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES(RTRIM("code", ' '), '^[a-z]+$')), 0) AS "m4",
  COALESCE(COUNT_IF("word" NOT IN ('ab', 'ab ')), 0) AS "m8",
  COALESCE(COUNT_IF(LENGTH("word") NOT BETWEEN 2 AND 3), 0) AS "m9",
  COALESCE(COUNT_IF(RTRIM("code", ' ') <> "word"), 0) AS "m10",
  COALESCE(COUNT_IF(RTRIM("code", ' ') || '!' <> 'ab!'), 0) AS "m11",
  MAX(RTRIM("code", ' ')) AS "m12",
  COUNT(DISTINCT RTRIM("code", ' ')) AS "m13",
  MIN(LENGTH(RTRIM("code", ' '))) AS "m14"
FROM "public"."padded";

-- s2: padded.code.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m5"
FROM (SELECT RTRIM("code", ' ') <= LAG(RTRIM("code", ' ')) OVER () AS "assay_step" FROM "public"."padded" WHERE RTRIM("code", ' ') IS NOT NULL) AS "assay_keys";

-- s3: padded.code.unique
-- only where m5 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m6"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."padded" WHERE RTRIM("code", ' ') IS NOT NULL GROUP BY RTRIM("code", ' ') HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: padded.code.references
SELECT
  COUNT(*) AS "m7"
FROM "public"."padded" AS "assay_dataset"
WHERE RTRIM("assay_dataset"."code", ' ') IS NOT NULL
  AND RTRIM("assay_dataset"."code", ' ') NOT IN (SELECT "assay_target"."code" FROM "public"."codes" AS "assay_target" WHERE "assay_target"."code" IS NOT NULL);

-- failed rows of padded.code.in
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE RTRIM("code", ' ') NOT IN ('ab', 'abc')
LIMIT 100;

-- failed rows of padded.code.length
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE LENGTH(RTRIM("code", ' ')) > 3
LIMIT 100;

-- failed rows of padded.code.matches
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE NOT REGEXP_MATCHES(RTRIM("code", ' '), '^[a-z]+$')
LIMIT 100;

-- failed rows of padded.code.unique
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE RTRIM("code", ' ') IN (SELECT RTRIM("code", ' ') FROM "public"."padded" WHERE RTRIM("code", ' ') IS NOT NULL GROUP BY RTRIM("code", ' ') HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of padded.code.references
SELECT
  "assay_dataset"."code" AS "code"
FROM "public"."padded" AS "assay_dataset"
WHERE RTRIM("assay_dataset"."code", ' ') IS NOT NULL
  AND RTRIM("assay_dataset"."code", ' ') NOT IN (SELECT "assay_target"."code" FROM "public"."codes" AS "assay_target" WHERE "assay_target"."code" IS NOT NULL)
LIMIT 100;

-- failed rows of padded.word.in
SELECT
  "word" AS "word"
FROM "public"."padded"
WHERE "word" NOT IN ('ab', 'ab ')
LIMIT 100;

-- failed rows of padded.word.length
SELECT
  "word" AS "word"
FROM "public"."padded"
WHERE LENGTH("word") NOT BETWEEN 2 AND 3
LIMIT 100;

-- failed rows of padded.same
SELECT
  "code" AS "code",
  "word" AS "word"
FROM "public"."padded"
WHERE RTRIM("code", ' ') <> "word"
LIMIT 100;

-- failed rows of padded.joined
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE RTRIM("code", ' ') || '!' <> 'ab!'
LIMIT 100;
