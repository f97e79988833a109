-- demo.payroll 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: payroll.id.required, payroll.id.unique, payroll.name.required, payroll.salary.required, payroll.salary.compare, payroll.team.required, payroll.salary.avg, payroll.salary.min, payroll.salary.missing, payroll.high_share, payroll.last_name, payroll.last_team, payroll.hired.max, payroll.hired.freshness
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("name") AS "m5",
  COUNT("salary") AS "m6",
  COUNT(*) FILTER (WHERE "salary" <= 0) AS "m7",
  COUNT("team") AS "m8",
  CAST(SUM("salary") AS NUMERIC(38, 2)) AS "m9",
  MIN("salary") FILTER (WHERE "team" = 'sales') AS "m11",
  COUNT(*) FILTER (WHERE "salary" > 5000) AS "m12",
  MAX("name" COLLATE "C") AS "m14",
  MAX("team" COLLATE "C") AS "m15",
  MAX("hired") AS "m16",
  CAST(EXTRACT(EPOCH FROM MAX("hired")) * 1000000 AS BIGINT) AS "m17"
FROM "public"."payroll";

-- s2: payroll.id.unique, payroll.name.distinct
SELECT
  COUNT(DISTINCT "id") AS "m3",
  COUNT(DISTINCT "name" COLLATE "C") AS "m13"
FROM "public"."payroll";

-- s3: payroll.id.unique
-- only where (m2 - m3) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."payroll" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: payroll.salary.max
SELECT
  "team" AS "g1",
  MAX("salary") AS "m10"
FROM "public"."payroll"
GROUP BY "team";

-- failed rows of payroll.id.required
SELECT
  "id" AS "id"
FROM "public"."payroll"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of payroll.id.unique
SELECT
  "id" AS "id"
FROM "public"."payroll"
WHERE "id" IN (SELECT "id" FROM "public"."payroll" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of payroll.name.required
SELECT
  "id" AS "id",
  "name" AS "name"
FROM "public"."payroll"
WHERE "name" IS NULL
LIMIT 100;

-- failed rows of payroll.salary.required
SELECT
  "id" AS "id",
  "salary" AS "salary"
FROM "public"."payroll"
WHERE "salary" IS NULL
LIMIT 100;

-- failed rows of payroll.salary.compare
SELECT
  "id" AS "id",
  "salary" AS "salary"
FROM "public"."payroll"
WHERE "salary" <= 0
LIMIT 100;

-- failed rows of payroll.team.required
SELECT
  "id" AS "id",
  "team" AS "team"
FROM "public"."payroll"
WHERE "team" IS NULL
LIMIT 100;

-- failed rows of payroll.salary.missing
SELECT
  "id" AS "id",
  "salary" AS "salary"
FROM "public"."payroll"
WHERE "salary" IS NULL
LIMIT 100;
