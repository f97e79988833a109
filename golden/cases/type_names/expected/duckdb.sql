-- demo.synonyms 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: synonyms.a.required, synonyms.b.required, synonyms.c.required, synonyms.d.required, synonyms.e.required, synonyms.f.required, synonyms.g.required, synonyms.h.required, synonyms.i.required, synonyms.j.required, synonyms.k.required, synonyms.l.required, synonyms.m.required
SELECT
  COUNT(*) AS "m1",
  COUNT("a") AS "m2",
  COUNT("b") AS "m3",
  COUNT("c") AS "m4",
  COUNT("d") AS "m5",
  COUNT("e") AS "m6",
  COUNT("f") AS "m7",
  COUNT("g") AS "m8",
  COUNT("h") AS "m9",
  COUNT("i") AS "m10",
  COUNT("j") AS "m11",
  COUNT("k") AS "m12",
  COUNT(CAST("l" AS DOUBLE)) AS "m13",
  COUNT("m") AS "m14"
FROM "public"."synonyms";

-- failed rows of synonyms.a.required
SELECT
  "a" AS "a"
FROM "public"."synonyms"
WHERE "a" IS NULL
LIMIT 100;

-- failed rows of synonyms.b.required
SELECT
  "b" AS "b"
FROM "public"."synonyms"
WHERE "b" IS NULL
LIMIT 100;

-- failed rows of synonyms.c.required
SELECT
  "c" AS "c"
FROM "public"."synonyms"
WHERE "c" IS NULL
LIMIT 100;

-- failed rows of synonyms.d.required
SELECT
  "d" AS "d"
FROM "public"."synonyms"
WHERE "d" IS NULL
LIMIT 100;

-- failed rows of synonyms.e.required
SELECT
  "e" AS "e"
FROM "public"."synonyms"
WHERE "e" IS NULL
LIMIT 100;

-- failed rows of synonyms.f.required
SELECT
  "f" AS "f"
FROM "public"."synonyms"
WHERE "f" IS NULL
LIMIT 100;

-- failed rows of synonyms.g.required
SELECT
  "g" AS "g"
FROM "public"."synonyms"
WHERE "g" IS NULL
LIMIT 100;

-- failed rows of synonyms.h.required
SELECT
  "h" AS "h"
FROM "public"."synonyms"
WHERE "h" IS NULL
LIMIT 100;

-- failed rows of synonyms.i.required
SELECT
  "i" AS "i"
FROM "public"."synonyms"
WHERE "i" IS NULL
LIMIT 100;

-- failed rows of synonyms.j.required
SELECT
  "j" AS "j"
FROM "public"."synonyms"
WHERE "j" IS NULL
LIMIT 100;

-- failed rows of synonyms.k.required
SELECT
  "k" AS "k"
FROM "public"."synonyms"
WHERE "k" IS NULL
LIMIT 100;

-- failed rows of synonyms.l.required
SELECT
  "l" AS "l"
FROM "public"."synonyms"
WHERE CAST("l" AS DOUBLE) IS NULL
LIMIT 100;

-- failed rows of synonyms.m.required
SELECT
  "m" AS "m"
FROM "public"."synonyms"
WHERE "m" IS NULL
LIMIT 100;
