-- demo.shares 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: shares.a.compare, shares.b.compare, shares.c.compare, shares.d.compare, shares.e.compare, shares.f.compare, shares.third
SELECT
  COALESCE(COUNT_IF("a" <= 0), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF("b" <= 0), 0) AS "m3",
  COALESCE(COUNT_IF("c" <= 0), 0) AS "m4",
  COALESCE(COUNT_IF("d" <= 0), 0) AS "m5",
  COALESCE(COUNT_IF("e" <= 0), 0) AS "m6",
  COALESCE(COUNT_IF("f" <= 0), 0) AS "m7",
  COALESCE(COUNT_IF("a" IS NOT NULL AND "a" <= 0), 0) AS "m8",
  COALESCE(COUNT_IF("a" IS NOT NULL), 0) AS "m9"
FROM "public"."shares";

-- failed rows of shares.a.compare
SELECT
  "a" AS "a"
FROM "public"."shares"
WHERE "a" <= 0
LIMIT 100;

-- failed rows of shares.b.compare
SELECT
  "b" AS "b"
FROM "public"."shares"
WHERE "b" <= 0
LIMIT 100;

-- failed rows of shares.c.compare
SELECT
  "c" AS "c"
FROM "public"."shares"
WHERE "c" <= 0
LIMIT 100;

-- failed rows of shares.d.compare
SELECT
  "d" AS "d"
FROM "public"."shares"
WHERE "d" <= 0
LIMIT 100;

-- failed rows of shares.e.compare
SELECT
  "e" AS "e"
FROM "public"."shares"
WHERE "e" <= 0
LIMIT 100;

-- failed rows of shares.f.compare
SELECT
  "f" AS "f"
FROM "public"."shares"
WHERE "f" <= 0
LIMIT 100;

-- failed rows of shares.third
SELECT
  "a" AS "a"
FROM "public"."shares"
WHERE "a" IS NOT NULL
  AND "a" <= 0
LIMIT 100;
