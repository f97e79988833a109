-- demo.nothing 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: nothing.id.required, nothing.id.unique, nothing.amount.between, nothing.parent.references, nothing.positive, nothing.rows, nothing.amount.missing, nothing.missing_share, nothing.amount.duplicates, nothing.amount.distinct, nothing.amount.sum, nothing.amount.avg, nothing.amount.min, nothing.day.max, nothing.amount.median, nothing.amount.stddev, nothing.amount+id.correlation, nothing.day.freshness, nothing.total, nothing.full
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("amount" NOT BETWEEN 0 AND 10), 0) AS "m6",
  COALESCE(COUNT_IF("amount" <= 0), 0) AS "m8",
  COUNT("amount") AS "m9",
  COUNT(DISTINCT "amount") AS "m12",
  CAST(SUM("amount") AS DECIMAL(38, 2)) AS "m13",
  MIN("amount") AS "m14",
  MAX("day") AS "m15",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("amount" AS DOUBLE)) AS "m16",
  STDDEV_SAMP(CAST("amount" AS DOUBLE)) * CASE WHEN MIN("amount") < MAX("amount") THEN 1 ELSE 0 END AS "m17",
  CASE WHEN MIN("amount") FILTER (WHERE "id" IS NOT NULL) < MAX("amount") FILTER (WHERE "id" IS NOT NULL) AND MIN("id") FILTER (WHERE "amount" IS NOT NULL) < MAX("id") FILTER (WHERE "amount" IS NOT NULL) THEN CORR(CAST("amount" AS DOUBLE), CAST("id" AS DOUBLE)) END AS "m18",
  EPOCH_US(CAST(MAX("day") AS TIMESTAMP)) AS "m19"
FROM "public"."nothing";

-- s2: nothing.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."nothing" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: nothing.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."nothing" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: nothing.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."nothing" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: nothing.parent.references
SELECT
  COUNT(*) AS "m7"
FROM "public"."nothing" AS "assay_dataset"
WHERE "assay_dataset"."parent" IS NOT NULL
  AND "assay_dataset"."parent" NOT IN (SELECT "assay_target"."id" FROM "public"."nothing" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL);

-- s6: nothing.amount.duplicates
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m10"
FROM (SELECT "amount" <= LAG("amount") OVER () AS "assay_step" FROM "public"."nothing" WHERE "amount" IS NOT NULL) AS "assay_keys";

-- s7: nothing.amount.duplicates
-- only where m10 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m11"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."nothing" WHERE "amount" IS NOT NULL GROUP BY "amount" HAVING COUNT(*) > 1) AS "assay_keys";

-- s8: nothing.per_day
SELECT
  "day" AS "g1",
  CAST(SUM("amount") AS DECIMAL(38, 2)) AS "m20"
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
  AND "assay_dataset"."parent" NOT IN (SELECT "assay_target"."id" FROM "public"."nothing" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL)
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
