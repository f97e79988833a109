-- demo.padded 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: padded.code.in, padded.code.length, padded.code.matches, padded.code.unique, padded.code.references, padded.word.in, padded.word.length, padded.same, padded.joined, padded.code.max, padded.shortest
SELECT
  COUNT(*) FILTER (WHERE CAST("code" AS TEXT) NOT IN ('ab', 'abc')) AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE LENGTH(CAST("code" AS TEXT)) > 3) AS "m3",
  COUNT(*) FILTER (WHERE NOT CAST("code" AS TEXT) ~ '^[a-z]+$') AS "m4",
  COUNT(CAST("code" AS TEXT)) AS "m5",
  COUNT(*) FILTER (WHERE "word" NOT IN ('ab', 'ab ')) AS "m9",
  COUNT(*) FILTER (WHERE LENGTH("word") NOT BETWEEN 2 AND 3) AS "m10",
  COUNT(*) FILTER (WHERE CAST("code" AS TEXT) <> "word") AS "m11",
  COUNT(*) FILTER (WHERE CAST("code" AS TEXT) || '!' <> 'ab!') AS "m12",
  MAX(CAST("code" AS TEXT) COLLATE "C") AS "m13",
  MIN(LENGTH(CAST("code" AS TEXT))) AS "m14"
FROM "public"."padded";

-- s2: padded.code.unique, padded.code.distinct
SELECT
  COUNT(DISTINCT CAST("code" AS TEXT) COLLATE "C") AS "m6"
FROM "public"."padded";

-- s3: padded.code.unique
-- only where (m5 - m6) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m7"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."padded" WHERE CAST("code" AS TEXT) IS NOT NULL GROUP BY CAST("code" AS TEXT) COLLATE "C" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: padded.code.references
SELECT
  COUNT(*) AS "m8"
FROM "public"."padded" AS "assay_dataset"
WHERE CAST("assay_dataset"."code" AS TEXT) IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."codes" AS "assay_target" WHERE "assay_target"."code" = CAST("assay_dataset"."code" AS TEXT));

-- failed rows of padded.code.in
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE CAST("code" AS TEXT) NOT IN ('ab', 'abc')
LIMIT 100;

-- failed rows of padded.code.length
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE LENGTH(CAST("code" AS TEXT)) > 3
LIMIT 100;

-- failed rows of padded.code.matches
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE NOT CAST("code" AS TEXT) ~ '^[a-z]+$'
LIMIT 100;

-- failed rows of padded.code.unique
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE CAST("code" AS TEXT) IN (SELECT CAST("code" AS TEXT) COLLATE "C" FROM "public"."padded" WHERE CAST("code" AS TEXT) IS NOT NULL GROUP BY CAST("code" AS TEXT) COLLATE "C" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of padded.code.references
SELECT
  "assay_dataset"."code" AS "code"
FROM "public"."padded" AS "assay_dataset"
WHERE CAST("assay_dataset"."code" AS TEXT) IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."codes" AS "assay_target" WHERE "assay_target"."code" = CAST("assay_dataset"."code" AS TEXT))
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
WHERE CAST("code" AS TEXT) <> "word"
LIMIT 100;

-- failed rows of padded.joined
SELECT
  "code" AS "code"
FROM "public"."padded"
WHERE CAST("code" AS TEXT) || '!' <> 'ab!'
LIMIT 100;
