-- demo.survey 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: survey.id.required, survey.q1.missing, survey.q2.missing, survey.q3.missing, survey.q4.missing, survey.volume, survey.q4.avg
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("q1") AS "m3",
  COUNT("q2") AS "m4",
  COUNT("q3") AS "m5",
  COUNT("q4") AS "m6",
  SUM("q4") AS "m7"
FROM "public"."survey";

-- failed rows of survey.id.required
SELECT
  "id" AS "id"
FROM "public"."survey"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of survey.q1.missing
SELECT
  "q1" AS "q1"
FROM "public"."survey"
WHERE "q1" IS NULL
LIMIT 100;

-- failed rows of survey.q2.missing
SELECT
  "q2" AS "q2"
FROM "public"."survey"
WHERE "q2" IS NULL
LIMIT 100;

-- failed rows of survey.q3.missing
SELECT
  "q3" AS "q3"
FROM "public"."survey"
WHERE "q3" IS NULL
LIMIT 100;

-- failed rows of survey.q4.missing
SELECT
  "q4" AS "q4"
FROM "public"."survey"
WHERE "q4" IS NULL
LIMIT 100;
