-- demo.staff 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: staff.id.required, staff.id.unique, staff.manager_id.references, staff.active.required
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("active") AS "m7"
FROM "public"."staff"
WHERE "active";

-- s2: staff.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."staff" WHERE "active" AND "id" IS NOT NULL) AS "assay_keys";

-- s3: staff.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."staff" WHERE "active" AND "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: staff.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."staff" WHERE "active" AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: staff.manager_id.references
SELECT
  COUNT(*) AS "m6"
FROM "public"."staff" AS "assay_dataset"
WHERE "assay_dataset"."active"
  AND "assay_dataset"."manager_id" IS NOT NULL
  AND "assay_dataset"."manager_id" NOT IN (SELECT "assay_target"."id" FROM "public"."staff" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL);

-- failed rows of staff.id.required
SELECT
  "id" AS "id"
FROM "public"."staff"
WHERE "active"
  AND "id" IS NULL
LIMIT 100;

-- failed rows of staff.id.unique
SELECT
  "id" AS "id"
FROM "public"."staff"
WHERE "active"
  AND "id" IN (SELECT "id" FROM "public"."staff" WHERE "active" AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of staff.manager_id.references
SELECT
  "assay_dataset"."id" AS "id",
  "assay_dataset"."manager_id" AS "manager_id"
FROM "public"."staff" AS "assay_dataset"
WHERE "assay_dataset"."active"
  AND "assay_dataset"."manager_id" IS NOT NULL
  AND "assay_dataset"."manager_id" NOT IN (SELECT "assay_target"."id" FROM "public"."staff" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL)
LIMIT 100;

-- failed rows of staff.active.required
SELECT
  "id" AS "id",
  "active" AS "active"
FROM "public"."staff"
WHERE "active"
  AND "active" IS NULL
LIMIT 100;
