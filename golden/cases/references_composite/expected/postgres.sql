-- demo.lines 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: lines.line.required, lines.shop+number.references
SELECT
  COUNT(*) AS "m1",
  COUNT("line") AS "m2"
FROM "public"."lines";

-- s2: lines.shop+number.references
SELECT
  COUNT(*) AS "m3"
FROM "public"."lines" AS "assay_dataset"
WHERE "assay_dataset"."shop" IS NOT NULL
  AND "assay_dataset"."number" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."heads" AS "assay_target" WHERE "assay_target"."shop" = "assay_dataset"."shop" AND "assay_target"."number" = "assay_dataset"."number");

-- failed rows of lines.line.required
SELECT
  "line" AS "line"
FROM "public"."lines"
WHERE "line" IS NULL
LIMIT 100;

-- failed rows of lines.shop+number.references
SELECT
  "assay_dataset"."shop" AS "shop",
  "assay_dataset"."number" AS "number"
FROM "public"."lines" AS "assay_dataset"
WHERE "assay_dataset"."shop" IS NOT NULL
  AND "assay_dataset"."number" IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."heads" AS "assay_target" WHERE "assay_target"."shop" = "assay_dataset"."shop" AND "assay_target"."number" = "assay_dataset"."number")
LIMIT 100;
