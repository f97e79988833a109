-- demo.export 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: export.id.required
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2"
FROM "public"."export";

-- failed rows of export.id.required
SELECT
  "id" AS "id"
FROM "public"."export"
WHERE "id" IS NULL
LIMIT 100;
