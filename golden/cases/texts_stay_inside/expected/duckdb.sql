-- demo.versions 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: versions.number.required, versions.built.required, versions.number.max, versions.first_version, versions.built.max, versions.middle, versions.size.max
SELECT
  COUNT(*) AS "m1",
  COUNT("number") AS "m2",
  COUNT("built") AS "m3",
  MAX("number") AS "m4",
  MIN("number") AS "m5",
  MAX("built") AS "m6",
  PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY "number") AS "m7",
  MAX("size") AS "m8"
FROM "public"."versions";

-- failed rows of versions.number.required
SELECT
  "number" AS "number"
FROM "public"."versions"
WHERE "number" IS NULL
LIMIT 100;

-- failed rows of versions.built.required
SELECT
  "built" AS "built"
FROM "public"."versions"
WHERE "built" IS NULL
LIMIT 100;
