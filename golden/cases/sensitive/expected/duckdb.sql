-- demo.payroll 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: payroll.id.required, payroll.id.unique, payroll.name.required, payroll.salary.required, payroll.salary.compare, payroll.team.required, payroll.salary.avg, payroll.salary.min, payroll.salary.missing, payroll.high_share, payroll.name.distinct, payroll.last_name, payroll.last_team, payroll.hired.max, payroll.hired.freshness
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("name") AS "m6",
  COUNT("salary") AS "m7",
  COALESCE(COUNT_IF("salary" <= 0), 0) AS "m8",
  COUNT("team") AS "m9",
  CAST(SUM("salary") AS DECIMAL(38, 2)) AS "m10",
  MIN("salary") FILTER (WHERE "team" = 'sales') AS "m12",
  COALESCE(COUNT_IF("salary" > 5000), 0) AS "m13",
  COUNT(DISTINCT "name") AS "m14",
  MAX("name") AS "m15",
  MAX("team") AS "m16",
  MAX("hired") AS "m17",
  EPOCH_US(CAST(MAX("hired") AS TIMESTAMP)) AS "m18"
FROM "public"."payroll";

-- s2: payroll.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."payroll" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: payroll.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."payroll" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: payroll.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."payroll" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: payroll.salary.max
SELECT
  "team" AS "g1",
  MAX("salary") AS "m11"
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
