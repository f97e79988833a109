-- demo.grades 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: grades.pupil.required, grades.possible, grades.usual, grades.known, grades.good, grades.points.avg, grades.average_limit
SELECT
  COUNT(*) AS "m1",
  COUNT("pupil") AS "m2",
  COALESCE(COUNT_IF("points" NOT BETWEEN 0 AND 100), 0) AS "m3",
  COALESCE(COUNT_IF("points" NOT BETWEEN 30 AND 95), 0) AS "m4",
  COALESCE(COUNT_IF("grade" NOT IN ('A', 'B', 'C', 'D')), 0) AS "m5",
  COALESCE(COUNT_IF("grade" NOT IN ('A', 'B')), 0) AS "m6",
  SUM("points") AS "m7",
  COUNT("points") AS "m8"
FROM "public"."grades";

-- failed rows of grades.pupil.required
SELECT
  "pupil" AS "pupil"
FROM "public"."grades"
WHERE "pupil" IS NULL
LIMIT 100;

-- failed rows of grades.possible
SELECT
  "points" AS "points"
FROM "public"."grades"
WHERE "points" NOT BETWEEN 0 AND 100
LIMIT 100;

-- failed rows of grades.usual
SELECT
  "points" AS "points"
FROM "public"."grades"
WHERE "points" NOT BETWEEN 30 AND 95
LIMIT 100;

-- failed rows of grades.known
SELECT
  "grade" AS "grade"
FROM "public"."grades"
WHERE "grade" NOT IN ('A', 'B', 'C', 'D')
LIMIT 100;

-- failed rows of grades.good
SELECT
  "grade" AS "grade"
FROM "public"."grades"
WHERE "grade" NOT IN ('A', 'B')
LIMIT 100;
