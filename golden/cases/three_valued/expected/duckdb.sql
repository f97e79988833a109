-- demo.flags 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: flags.id.required, flags.both, flags.one, flags.neither, flags.implied, flags.differs, flags.rows, flags.both_true, flags.not_both, flags.known, flags.unset, flags.listed
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE NOT ("a" AND "b")) AS "m3",
  COUNT(*) FILTER (WHERE NOT ("a" OR "b")) AS "m4",
  COUNT(*) FILTER (WHERE "a") AS "m5",
  COUNT(*) FILTER (WHERE "a" AND NOT "b") AS "m6",
  COUNT(*) FILTER (WHERE "a") AS "m7",
  COUNT(*) FILTER (WHERE "b" IS NOT NULL AND "a" = "b") AS "m8",
  COUNT(*) FILTER (WHERE "b" IS NOT NULL) AS "m9",
  COUNT(*) FILTER (WHERE "a" AND "b") AS "m10",
  COUNT(*) FILTER (WHERE "a" OR NOT "a") AS "m11",
  COUNT(*) FILTER (WHERE "a" IS NULL OR "b" IS NULL) AS "m12",
  COUNT(*) FILTER (WHERE "a" IN ("b", TRUE)) AS "m13"
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
