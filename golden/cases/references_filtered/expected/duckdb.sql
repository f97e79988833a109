-- demo.shipments 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: shipments.id.required, shipments.order_id.references, shipments.region.references, shipments.same_region, shipments.rows, shipments.order_id.duplicates
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("order_id") AS "m4",
  COALESCE(COUNT_IF("year" > 2000), 0) AS "m6",
  COALESCE(COUNT_IF(NOT "void"), 0) AS "m8"
FROM "public"."shipments"
WHERE "year" = 2024
  AND NOT "void";

-- s2: shipments.order_id.references
SELECT
  COUNT(*) AS "m3"
FROM "public"."shipments" AS "assay_dataset" JOIN (SELECT "id" FROM "public"."orders" GROUP BY "id") AS "assay_target" ON "assay_target"."id" = "assay_dataset"."order_id"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void";

-- s3: shipments.region.references
SELECT
  COUNT(*) AS "m5"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."year" > 2000
  AND "assay_dataset"."region" IS NOT NULL
  AND "assay_dataset"."region" NOT IN (SELECT "assay_target"."region" FROM "public"."orders" AS "assay_target" WHERE "assay_target"."region" IS NOT NULL);

-- s4: shipments.same_region
SELECT
  COUNT(*) AS "m7"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."order_id" IS NOT NULL
  AND "assay_dataset"."region" IS NOT NULL
  AND ("assay_dataset"."order_id", "assay_dataset"."region") NOT IN (SELECT "assay_target"."id", "assay_target"."region" FROM "public"."orders" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL AND "assay_target"."region" IS NOT NULL);

-- s5: shipments.order_id.duplicates
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m9"
FROM (SELECT "order_id" <= LAG("order_id") OVER () AS "assay_step" FROM "public"."shipments" WHERE "year" = 2024 AND NOT "void" AND "order_id" IS NOT NULL) AS "assay_keys";

-- s6: shipments.order_id.duplicates
-- only where m9 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m10"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("order_id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."shipments" WHERE "year" = 2024 AND NOT "void" AND "order_id" IS NOT NULL GROUP BY "order_id" >> 6) AS "assay_keys";

-- s7: shipments.order_id.duplicates
-- only where (m9 * (m4 - m10)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m11"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."shipments" WHERE "year" = 2024 AND NOT "void" AND "order_id" IS NOT NULL GROUP BY "order_id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s8: shipments.kind.count+rows
SELECT
  "region" AS "g1",
  COALESCE(COUNT_IF("kind" = 'a'), 0) AS "m12",
  COUNT(*) AS "m13"
FROM "public"."shipments"
WHERE "year" = 2024
  AND NOT "void"
GROUP BY "region";

-- failed rows of shipments.id.required
SELECT
  "id" AS "id"
FROM "public"."shipments"
WHERE "year" = 2024
  AND NOT "void"
  AND "id" IS NULL
LIMIT 100;

-- failed rows of shipments.order_id.references
SELECT
  "assay_dataset"."order_id" AS "order_id"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."order_id" IS NOT NULL
  AND "assay_dataset"."order_id" NOT IN (SELECT "assay_target"."id" FROM "public"."orders" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL)
LIMIT 100;

-- failed rows of shipments.region.references
SELECT
  "assay_dataset"."region" AS "region"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."year" > 2000
  AND "assay_dataset"."region" IS NOT NULL
  AND "assay_dataset"."region" NOT IN (SELECT "assay_target"."region" FROM "public"."orders" AS "assay_target" WHERE "assay_target"."region" IS NOT NULL)
LIMIT 100;

-- failed rows of shipments.same_region
SELECT
  "assay_dataset"."order_id" AS "order_id",
  "assay_dataset"."region" AS "region"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."order_id" IS NOT NULL
  AND "assay_dataset"."region" IS NOT NULL
  AND ("assay_dataset"."order_id", "assay_dataset"."region") NOT IN (SELECT "assay_target"."id", "assay_target"."region" FROM "public"."orders" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL AND "assay_target"."region" IS NOT NULL)
LIMIT 100;
