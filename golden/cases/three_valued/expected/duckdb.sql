-- demo.flags 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: flags.id.required, flags.both, flags.one, flags.neither, flags.implied, flags.differs, flags.rows, flags.both_true, flags.not_both, flags.known, flags.unset, flags.listed
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF(NOT ("a" AND "b")), 0) AS "m3",
  COALESCE(COUNT_IF(NOT ("a" OR "b")), 0) AS "m4",
  COALESCE(COUNT_IF("a"), 0) AS "m5",
  COALESCE(COUNT_IF("a" AND NOT "b"), 0) AS "m6",
  COALESCE(COUNT_IF("a"), 0) AS "m7",
  COALESCE(COUNT_IF("b" IS NOT NULL AND "a" = "b"), 0) AS "m8",
  COALESCE(COUNT_IF("b" IS NOT NULL), 0) AS "m9",
  COALESCE(COUNT_IF("a" AND "b"), 0) AS "m10",
  COALESCE(COUNT_IF("a" OR NOT "a"), 0) AS "m11",
  COALESCE(COUNT_IF("a" IS NULL OR "b" IS NULL), 0) AS "m12",
  COALESCE(COUNT_IF("a" IN ("b", TRUE)), 0) AS "m13"
FROM "public"."flags"
WHERE NOT "hidden";

-- failed rows of flags.id.required
SELECT
  "id" AS "id"
FROM "public"."flags"
WHERE NOT "hidden"
  AND "id" IS NULL
LIMIT 100;

-- failed rows of flags.both
SELECT
  "a" AS "a",
  "b" AS "b"
FROM "public"."flags"
WHERE NOT "hidden"
  AND NOT ("a" AND "b")
LIMIT 100;

-- failed rows of flags.one
SELECT
  "a" AS "a",
  "b" AS "b"
FROM "public"."flags"
WHERE NOT "hidden"
  AND NOT ("a" OR "b")
LIMIT 100;

-- failed rows of flags.neither
SELECT
  "a" AS "a"
FROM "public"."flags"
WHERE NOT "hidden"
  AND "a"
LIMIT 100;

-- failed rows of flags.implied
SELECT
  "b" AS "b",
  "a" AS "a"
FROM "public"."flags"
WHERE NOT "hidden"
  AND "a"
  AND NOT "b"
LIMIT 100;

-- failed rows of flags.differs
SELECT
  "a" AS "a",
  "b" AS "b"
FROM "public"."flags"
WHERE NOT "hidden"
  AND "b" IS NOT NULL
  AND "a" = "b"
LIMIT 100;
