-- demo.shipments 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: shipments.id.required, shipments.order_id.references, shipments.region.references, shipments.same_region, shipments.rows, shipments.order_id.duplicates
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE "year" > 2000) AS "m5",
  COUNT(*) FILTER (WHERE NOT "void") AS "m7",
  COUNT("order_id") AS "m8"
FROM "public"."shipments"
WHERE "year" = 2024
  AND NOT "void";

-- s2: shipments.order_id.duplicates
SELECT
  COUNT(DISTINCT "order_id") AS "m9"
FROM "public"."shipments"
WHERE "year" = 2024
  AND NOT "void";

-- s3: shipments.order_id.references
SELECT
  COUNT(*) AS "m3"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."order_id" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."orders" AS "assay_target" WHERE "assay_target"."id" = "assay_dataset"."order_id");

-- s4: shipments.region.references
SELECT
  COUNT(*) AS "m4"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."year" > 2000
  AND "assay_dataset"."region" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."orders" AS "assay_target" WHERE "assay_target"."region" = "assay_dataset"."region");

-- s5: shipments.same_region
SELECT
  COUNT(*) AS "m6"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."order_id" IS NOT NULL
  AND "assay_dataset"."region" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."orders" AS "assay_target" WHERE "assay_target"."id" = "assay_dataset"."order_id" AND "assay_target"."region" = "assay_dataset"."region");

-- s6: shipments.order_id.duplicates
-- only where (m8 - m9) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m10"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."shipments" WHERE "year" = 2024 AND NOT "void" AND "order_id" IS NOT NULL GROUP BY "order_id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s7: shipments.kind.count+rows
SELECT
  "region" AS "g1",
  COUNT(*) FILTER (WHERE "kind" = 'a') AS "m11",
  COUNT(*) AS "m12"
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
  AND NOT EXISTS(SELECT 1 FROM "public"."orders" AS "assay_target" WHERE "assay_target"."id" = "assay_dataset"."order_id")
LIMIT 100;

-- failed rows of shipments.region.references
SELECT
  "assay_dataset"."region" AS "region"
FROM "public"."shipments" AS "assay_dataset"
WHERE "assay_dataset"."year" = 2024
  AND NOT "assay_dataset"."void"
  AND "assay_dataset"."year" > 2000
  AND "assay_dataset"."region" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."orders" AS "assay_target" WHERE "assay_target"."region" = "assay_dataset"."region")
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
  AND NOT EXISTS(SELECT 1 FROM "public"."orders" AS "assay_target" WHERE "assay_target"."id" = "assay_dataset"."order_id" AND "assay_target"."region" = "assay_dataset"."region")
LIMIT 100;
