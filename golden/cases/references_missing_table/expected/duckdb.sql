-- demo.shipments 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: shipments.id.required, shipments.id.unique, shipments.carrier.required, shipments.carrier.references, shipments.carrier.in, shipments.weight.compare
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("carrier") AS "m6",
  COALESCE(COUNT_IF("carrier" NOT IN ('A', 'B')), 0) AS "m8",
  COALESCE(COUNT_IF("weight" <= 0), 0) AS "m9"
FROM "public"."shipments";

-- s2: shipments.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."shipments" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: shipments.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."shipments" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: shipments.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."shipments" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: shipments.carrier.references
SELECT
  COUNT(*) AS "m7"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."carrier" IS NOT NULL
  AND "assay_dataset"."carrier" NOT IN (SELECT "assay_target"."code" FROM "public"."carriers" AS "assay_target" WHERE "assay_target"."code" IS NOT NULL);

-- failed rows of shipments.id.required
SELECT
  "id" AS "id"
FROM "public"."shipments"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of shipments.id.unique
SELECT
  "id" AS "id"
FROM "public"."shipments"
WHERE "id" IN (SELECT "id" FROM "public"."shipments" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of shipments.carrier.required
SELECT
  "id" AS "id",
  "carrier" AS "carrier"
FROM "public"."shipments"
WHERE "carrier" IS NULL
LIMIT 100;

-- failed rows of shipments.carrier.references
SELECT
  "assay_dataset"."id" AS "id",
  "assay_dataset"."carrier" AS "carrier"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."carrier" IS NOT NULL
  AND "assay_dataset"."carrier" NOT IN (SELECT "assay_target"."code" FROM "public"."carriers" AS "assay_target" WHERE "assay_target"."code" IS NOT NULL)
LIMIT 100;

-- failed rows of shipments.carrier.in
SELECT
  "id" AS "id",
  "carrier" AS "carrier"
FROM "public"."shipments"
WHERE "carrier" NOT IN ('A', 'B')
LIMIT 100;

-- failed rows of shipments.weight.compare
SELECT
  "id" AS "id",
  "weight" AS "weight"
FROM "public"."shipments"
WHERE "weight" <= 0
LIMIT 100;
