-- demo.nothing 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: nothing.id.required, nothing.id.unique, nothing.amount.between, nothing.parent.references, nothing.positive, nothing.rows, nothing.amount.missing, nothing.missing_share, nothing.amount.duplicates, nothing.amount.sum, nothing.amount.avg, nothing.amount.min, nothing.day.max, nothing.amount.stddev, nothing.amount+id.correlation, nothing.day.freshness, nothing.total, nothing.full
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE "amount" NOT BETWEEN 0 AND 10) AS "m5",
  COUNT(*) FILTER (WHERE "amount" <= 0) AS "m7",
  COUNT("amount") AS "m8",
  CAST(SUM("amount") AS NUMERIC(38, 2)) AS "m11",
  MIN("amount") AS "m12",
  MAX("day") AS "m13",
  STDDEV_SAMP(CAST("amount" AS DOUBLE PRECISION)) * CASE WHEN MIN("amount") < MAX("amount") THEN 1 ELSE 0 END AS "m15",
  CASE WHEN MIN("amount") FILTER (WHERE "id" IS NOT NULL) < MAX("amount") FILTER (WHERE "id" IS NOT NULL) AND MIN("id") FILTER (WHERE "amount" IS NOT NULL) < MAX("id") FILTER (WHERE "amount" IS NOT NULL) THEN CORR(CAST("amount" AS DOUBLE PRECISION), CAST("id" AS DOUBLE PRECISION)) END AS "m16",
  CAST(EXTRACT(EPOCH FROM MAX("day")) * 1000000 AS BIGINT) AS "m17"
FROM "public"."nothing";

-- s2: nothing.id.unique, nothing.amount.duplicates, nothing.amount.distinct, nothing.amount.median
SELECT
  COUNT(DISTINCT "id") AS "m3",
  COUNT(DISTINCT "amount") AS "m9",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("amount" AS DOUBLE PRECISION)) AS "m14"
FROM "public"."nothing";

-- s3: nothing.id.unique
-- only where (m2 - m3) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."nothing" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: nothing.parent.references
SELECT
  COUNT(*) AS "m6"
FROM "public"."nothing" AS "assay_dataset"
WHERE "assay_dataset"."parent" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."nothing" AS "assay_target" WHERE "assay_target"."id" = "assay_dataset"."parent");

-- s5: nothing.amount.duplicates
-- only where (m8 - m9) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m10"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."nothing" WHERE "amount" IS NOT NULL GROUP BY "amount" HAVING COUNT(*) > 1) AS "assay_keys";

-- s6: nothing.per_day
SELECT
  "day" AS "g1",
  CAST(SUM("amount") AS NUMERIC(38, 2)) AS "m18"
FROM "public"."nothing"
GROUP BY "day";

-- failed rows of nothing.id.required
SELECT
  "id" AS "id"
FROM "public"."nothing"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of nothing.id.unique
SELECT
  "id" AS "id"
FROM "public"."nothing"
WHERE "id" IN (SELECT "id" FROM "public"."nothing" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of nothing.amount.between
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."nothing"
WHERE "amount" NOT BETWEEN 0 AND 10
LIMIT 100;

-- failed rows of nothing.parent.references
SELECT
  "assay_dataset"."id" AS "id",
  "assay_dataset"."parent" AS "parent"
FROM "public"."nothing" AS "assay_dataset"
WHERE "assay_dataset"."parent" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."nothing" AS "assay_target" WHERE "assay_target"."id" = "assay_dataset"."parent")
LIMIT 100;

-- failed rows of nothing.positive
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."nothing"
WHERE "amount" <= 0
LIMIT 100;

-- failed rows of nothing.amount.missing
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."nothing"
WHERE "amount" IS NULL
LIMIT 100;

-- failed rows of nothing.missing_share
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."nothing"
WHERE "amount" IS NULL
LIMIT 100;

-- failed rows of nothing.amount.duplicates
SELECT
  "id" AS "id",
  "amount" AS "amount"
FROM "public"."nothing"
WHERE "amount" IN (SELECT "amount" FROM "public"."nothing" WHERE "amount" IS NOT NULL GROUP BY "amount" HAVING COUNT(*) > 1)
LIMIT 100;
