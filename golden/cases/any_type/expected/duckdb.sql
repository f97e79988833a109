-- demo.archive 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: archive.id.required, archive.id.unique, archive.payload.required, archive.reason.missing
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("payload") AS "m6",
  COUNT("reason") AS "m7"
FROM "public"."archive";

-- s2: archive.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."archive" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: archive.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."archive" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: archive.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."archive" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of archive.id.required
SELECT
  "id" AS "id"
FROM "public"."archive"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of archive.id.unique
SELECT
  "id" AS "id"
FROM "public"."archive"
WHERE "id" IN (SELECT "id" FROM "public"."archive" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of archive.payload.required
SELECT
  "id" AS "id",
  "payload" AS "payload"
FROM "public"."archive"
WHERE "payload" IS NULL
LIMIT 100;
