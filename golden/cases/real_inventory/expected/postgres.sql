-- logistics.inventory 1.0.2 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: inventory.site.required, inventory.site.references, inventory.sku.required, inventory.sku.matches, inventory.on_hand.required, inventory.on_hand.compare, inventory.reserved.required, inventory.reserved.compare, inventory.cost.compare, inventory.site+sku.unique, inventory.reserved_is_there, inventory.stock_has_cost, inventory.counted_lately, inventory.value
SELECT
  COUNT(*) AS "m1",
  COUNT(CAST("site" AS TEXT)) AS "m2",
  COUNT("sku") AS "m4",
  COUNT(*) FILTER (WHERE NOT "sku" ~ '^[A-Z]{3}-[0-9]{4}$') AS "m5",
  COUNT("on_hand") AS "m6",
  COUNT(*) FILTER (WHERE "on_hand" < 0) AS "m7",
  COUNT("reserved") AS "m8",
  COUNT(*) FILTER (WHERE "reserved" < 0) AS "m9",
  COUNT(*) FILTER (WHERE "cost" <= 0) AS "m10",
  COUNT(*) FILTER (WHERE "reserved" > "on_hand") AS "m12",
  COUNT(*) FILTER (WHERE "on_hand" > 0 AND "cost" IS NULL) AS "m13",
  COUNT(*) FILTER (WHERE "on_hand" > 0) AS "m14",
  COUNT(*) FILTER (WHERE "counted" < CAST($2 AS DATE) - 90) AS "m15",
  CAST(SUM("on_hand" * "cost") AS NUMERIC(38, 4)) AS "m18"
FROM "public"."inventory";

-- s2: inventory.sku.distinct
SELECT
  COUNT(DISTINCT "sku" COLLATE "C") AS "m17"
FROM "public"."inventory";

-- s3: inventory.site.references
SELECT
  COUNT(*) AS "m3"
FROM "public"."inventory" AS "assay_dataset"
WHERE CAST("assay_dataset"."site" AS TEXT) IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."sites" AS "assay_target" WHERE "assay_target"."code" = CAST("assay_dataset"."site" AS TEXT));

-- s4: inventory.site+sku.unique
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m11"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."inventory" WHERE CAST("site" AS TEXT) IS NOT NULL AND "sku" IS NOT NULL GROUP BY CAST("site" AS TEXT) COLLATE "C", "sku" COLLATE "C" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: inventory.on_hand+reserved.sum, inventory.rows
SELECT
  CAST("site" AS TEXT) AS "g1",
  SUM(CAST("on_hand" AS BIGINT) - CAST("reserved" AS BIGINT)) AS "m16",
  COUNT(*) AS "m19"
FROM "public"."inventory"
GROUP BY CAST("site" AS TEXT);

-- failed rows of inventory.site.required
SELECT
  "site" AS "site",
  "sku" AS "sku"
FROM "public"."inventory"
WHERE CAST("site" AS TEXT) IS NULL
LIMIT 100;

-- failed rows of inventory.site.references
SELECT
  "assay_dataset"."site" AS "site",
  "assay_dataset"."sku" AS "sku"
FROM "public"."inventory" AS "assay_dataset"
WHERE CAST("assay_dataset"."site" AS TEXT) IS NOT NULL
  AND NOT EXISTS(SELECT 1 FROM "public"."sites" AS "assay_target" WHERE "assay_target"."code" = CAST("assay_dataset"."site" AS TEXT))
LIMIT 100;

-- failed rows of inventory.sku.required
SELECT
  "site" AS "site",
  "sku" AS "sku"
FROM "public"."inventory"
WHERE "sku" IS NULL
LIMIT 100;

-- failed rows of inventory.sku.matches
SELECT
  "site" AS "site",
  "sku" AS "sku"
FROM "public"."inventory"
WHERE NOT "sku" ~ '^[A-Z]{3}-[0-9]{4}$'
LIMIT 100;

-- failed rows of inventory.on_hand.required
SELECT
  "site" AS "site",
  "sku" AS "sku",
  "on_hand" AS "on_hand"
FROM "public"."inventory"
WHERE "on_hand" IS NULL
LIMIT 100;

-- failed rows of inventory.on_hand.compare
SELECT
  "site" AS "site",
  "sku" AS "sku",
  "on_hand" AS "on_hand"
FROM "public"."inventory"
WHERE "on_hand" < 0
LIMIT 100;

-- failed rows of inventory.reserved.required
SELECT
  "site" AS "site",
  "sku" AS "sku",
  "reserved" AS "reserved"
FROM "public"."inventory"
WHERE "reserved" IS NULL
LIMIT 100;

-- failed rows of inventory.reserved.compare
SELECT
  "site" AS "site",
  "sku" AS "sku",
  "reserved" AS "reserved"
FROM "public"."inventory"
WHERE "reserved" < 0
LIMIT 100;

-- failed rows of inventory.cost.compare
SELECT
  "site" AS "site",
  "sku" AS "sku",
  "cost" AS "cost"
FROM "public"."inventory"
WHERE "cost" <= 0
LIMIT 100;

-- failed rows of inventory.site+sku.unique
SELECT
  "site" AS "site",
  "sku" AS "sku"
FROM "public"."inventory"
WHERE (CAST("site" AS TEXT), "sku") IN (SELECT CAST("site" AS TEXT) COLLATE "C", "sku" COLLATE "C" FROM "public"."inventory" WHERE CAST("site" AS TEXT) IS NOT NULL AND "sku" IS NOT NULL GROUP BY CAST("site" AS TEXT) COLLATE "C", "sku" COLLATE "C" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of inventory.reserved_is_there
SELECT
  "site" AS "site",
  "sku" AS "sku",
  "reserved" AS "reserved",
  "on_hand" AS "on_hand"
FROM "public"."inventory"
WHERE "reserved" > "on_hand"
LIMIT 100;

-- failed rows of inventory.stock_has_cost
SELECT
  "site" AS "site",
  "sku" AS "sku",
  "cost" AS "cost",
  "on_hand" AS "on_hand"
FROM "public"."inventory"
WHERE "on_hand" > 0
  AND "cost" IS NULL
LIMIT 100;

-- failed rows of inventory.counted_lately
SELECT
  "site" AS "site",
  "sku" AS "sku",
  "counted" AS "counted"
FROM "public"."inventory"
WHERE "counted" < CAST($2 AS DATE) - 90
LIMIT 100;
