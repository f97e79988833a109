-- demo.choices 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: choices.id.required, choices.first_known, choices.nulled, choices.least_of, choices.least_null, choices.texts, choices.searched, choices.simple, choices.no_branch, choices.truth, choices.null_truth, choices.known_truth, choices.in_null, choices.not_in_null, choices.between_null, choices.not_between, choices.or_null, choices.and_null
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE "id" = 2 AND COALESCE("a", "b", 0) <> 2) AS "m3",
  COUNT(*) FILTER (WHERE "id" = 2) AS "m4",
  COUNT(*) FILTER (WHERE "id" IN (1, 2) AND NULLIF("a", "b") IS NOT NULL) AS "m5",
  COUNT(*) FILTER (WHERE "id" IN (1, 2)) AS "m6",
  COUNT(*) FILTER (WHERE "id" = 1 AND NOT (CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE LEAST("a", "b", 9) END = 1 AND CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE GREATEST("a", "b", 0) END = 1)) AS "m7",
  COUNT(*) FILTER (WHERE "id" = 1) AS "m8",
  COUNT(*) FILTER (WHERE "id" = 2 AND NOT (CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE LEAST("a", "b") END IS NULL AND CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE GREATEST("a", "b") END IS NULL)) AS "m9",
  COUNT(*) FILTER (WHERE "id" = 1 AND NOT (CASE WHEN "t" IS NULL THEN NULL ELSE GREATEST("t", 'B') END = 'a' AND CASE WHEN "t" IS NULL THEN NULL ELSE LEAST("t", 'B') END = 'B')) AS "m10",
  COUNT(*) FILTER (WHERE "id" IN (2, 4) AND CASE WHEN "a" > 0 THEN 'plus' WHEN "a" < 0 THEN 'minus' ELSE 'none' END <> 'none') AS "m11",
  COUNT(*) FILTER (WHERE "id" IN (2, 4)) AS "m12",
  COUNT(*) FILTER (WHERE "id" = 1 AND CASE WHEN "t" = 'a' THEN 1 WHEN "t" = 'b' THEN 2 END <> 1) AS "m13",
  COUNT(*) FILTER (WHERE "id" > 1 AND CASE WHEN "t" = 'a' THEN 1 WHEN "t" = 'b' THEN 2 END IS NOT NULL) AS "m14",
  COUNT(*) FILTER (WHERE "id" > 1) AS "m15",
  COUNT(*) FILTER (WHERE "id" = 1 AND ("a" > 0) <> ("b" > 0)) AS "m16",
  COUNT(*) FILTER (WHERE "id" = 2 AND "a" <= 0) AS "m17",
  COUNT(*) FILTER (WHERE "id" = 2 AND NOT COALESCE("a" > 0, FALSE)) AS "m18",
  COUNT(*) FILTER (WHERE "id" = 4 AND "a" NOT IN ("b", 5)) AS "m19",
  COUNT(*) FILTER (WHERE "id" = 4) AS "m20",
  COUNT(*) FILTER (WHERE "id" = 4 AND "a" IN ("b", 5)) AS "m21",
  COUNT(*) FILTER (WHERE "id" = 4 AND "a" NOT BETWEEN "b" AND 10) AS "m22",
  COUNT(*) FILTER (WHERE "id" < 3 AND "a" BETWEEN 5 AND 10) AS "m23",
  COUNT(*) FILTER (WHERE "id" < 3) AS "m24",
  COUNT(*) FILTER (WHERE "id" = 4 AND NOT ("a" > 0 OR "b" IS NULL)) AS "m25",
  COUNT(*) FILTER (WHERE "id" = 4 AND "a" > 0 AND "b" > 0) AS "m26"
FROM "public"."choices";

-- failed rows of choices.id.required
SELECT
  "id" AS "id"
FROM "public"."choices"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of choices.first_known
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 2
  AND COALESCE("a", "b", 0) <> 2
LIMIT 100;

-- failed rows of choices.nulled
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" IN (1, 2)
  AND NULLIF("a", "b") IS NOT NULL
LIMIT 100;

-- failed rows of choices.least_of
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 1
  AND NOT (CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE LEAST("a", "b", 9) END = 1 AND CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE GREATEST("a", "b", 0) END = 1)
LIMIT 100;

-- failed rows of choices.least_null
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 2
  AND NOT (CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE LEAST("a", "b") END IS NULL AND CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE GREATEST("a", "b") END IS NULL)
LIMIT 100;

-- failed rows of choices.texts
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 1
  AND NOT (CASE WHEN "t" IS NULL THEN NULL ELSE GREATEST("t", 'B') END = 'a' AND CASE WHEN "t" IS NULL THEN NULL ELSE LEAST("t", 'B') END = 'B')
LIMIT 100;

-- failed rows of choices.searched
SELECT
  "a" AS "a",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" IN (2, 4)
  AND CASE WHEN "a" > 0 THEN 'plus' WHEN "a" < 0 THEN 'minus' ELSE 'none' END <> 'none'
LIMIT 100;

-- failed rows of choices.simple
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 1
  AND CASE WHEN "t" = 'a' THEN 1 WHEN "t" = 'b' THEN 2 END <> 1
LIMIT 100;

-- failed rows of choices.no_branch
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" > 1
  AND CASE WHEN "t" = 'a' THEN 1 WHEN "t" = 'b' THEN 2 END IS NOT NULL
LIMIT 100;

-- failed rows of choices.truth
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 1
  AND ("a" > 0) <> ("b" > 0)
LIMIT 100;

-- failed rows of choices.null_truth
SELECT
  "a" AS "a",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 2
  AND "a" <= 0
LIMIT 100;

-- failed rows of choices.known_truth
SELECT
  "a" AS "a",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 2
  AND NOT COALESCE("a" > 0, FALSE)
LIMIT 100;

-- failed rows of choices.in_null
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 4
  AND "a" NOT IN ("b", 5)
LIMIT 100;

-- failed rows of choices.not_in_null
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 4
  AND "a" IN ("b", 5)
LIMIT 100;

-- failed rows of choices.between_null
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 4
  AND "a" NOT BETWEEN "b" AND 10
LIMIT 100;

-- failed rows of choices.not_between
SELECT
  "a" AS "a",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" < 3
  AND "a" BETWEEN 5 AND 10
LIMIT 100;

-- failed rows of choices.or_null
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 4
  AND NOT ("a" > 0 OR "b" IS NULL)
LIMIT 100;

-- failed rows of choices.and_null
SELECT
  "a" AS "a",
  "b" AS "b",
  "id" AS "id"
FROM "public"."choices"
WHERE "id" = 4
  AND "a" > 0
  AND "b" > 0
LIMIT 100;
