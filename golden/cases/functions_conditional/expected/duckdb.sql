-- demo.choices 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: choices.id.required, choices.first_known, choices.nulled, choices.least_of, choices.least_null, choices.texts, choices.searched, choices.simple, choices.no_branch, choices.truth, choices.null_truth, choices.known_truth, choices.in_null, choices.not_in_null, choices.between_null, choices.not_between, choices.or_null, choices.and_null
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("id" = 2 AND COALESCE("a", "b", 0) <> 2), 0) AS "m3",
  COALESCE(COUNT_IF("id" = 2), 0) AS "m4",
  COALESCE(COUNT_IF("id" IN (1, 2) AND NULLIF("a", "b") IS NOT NULL), 0) AS "m5",
  COALESCE(COUNT_IF("id" IN (1, 2)), 0) AS "m6",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE LEAST("a", "b", 9) END = 1 AND CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE GREATEST("a", "b", 0) END = 1)), 0) AS "m7",
  COALESCE(COUNT_IF("id" = 1), 0) AS "m8",
  COALESCE(COUNT_IF("id" = 2 AND NOT (CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE LEAST("a", "b") END IS NULL AND CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE GREATEST("a", "b") END IS NULL)), 0) AS "m9",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CASE WHEN "t" IS NULL THEN NULL ELSE GREATEST("t", 'B') END = 'a' AND CASE WHEN "t" IS NULL THEN NULL ELSE LEAST("t", 'B') END = 'B')), 0) AS "m10",
  COALESCE(COUNT_IF("id" IN (2, 4) AND CASE WHEN "a" > 0 THEN 'plus' WHEN "a" < 0 THEN 'minus' ELSE 'none' END <> 'none'), 0) AS "m11",
  COALESCE(COUNT_IF("id" IN (2, 4)), 0) AS "m12",
  COALESCE(COUNT_IF("id" = 1 AND CASE WHEN "t" = 'a' THEN 1 WHEN "t" = 'b' THEN 2 END <> 1), 0) AS "m13",
  COALESCE(COUNT_IF("id" > 1 AND CASE WHEN "t" = 'a' THEN 1 WHEN "t" = 'b' THEN 2 END IS NOT NULL), 0) AS "m14",
  COALESCE(COUNT_IF("id" > 1), 0) AS "m15",
  COALESCE(COUNT_IF("id" = 1 AND ("a" > 0) <> ("b" > 0)), 0) AS "m16",
  COALESCE(COUNT_IF("id" = 2 AND "a" <= 0), 0) AS "m17",
  COALESCE(COUNT_IF("id" = 2 AND NOT COALESCE("a" > 0, FALSE)), 0) AS "m18",
  COALESCE(COUNT_IF("id" = 4 AND "a" NOT IN ("b", 5)), 0) AS "m19",
  COALESCE(COUNT_IF("id" = 4), 0) AS "m20",
  COALESCE(COUNT_IF("id" = 4 AND "a" IN ("b", 5)), 0) AS "m21",
  COALESCE(COUNT_IF("id" = 4 AND "a" NOT BETWEEN "b" AND 10), 0) AS "m22",
  COALESCE(COUNT_IF("id" < 3 AND "a" BETWEEN 5 AND 10), 0) AS "m23",
  COALESCE(COUNT_IF("id" < 3), 0) AS "m24",
  COALESCE(COUNT_IF("id" = 4 AND NOT ("a" > 0 OR "b" IS NULL)), 0) AS "m25",
  COALESCE(COUNT_IF("id" = 4 AND "a" > 0 AND "b" > 0), 0) AS "m26"
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
