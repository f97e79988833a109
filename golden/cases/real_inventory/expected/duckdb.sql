-- logistics.inventory 1.0.2 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: inventory.site.required, inventory.site.references, inventory.sku.required, inventory.sku.matches, inventory.on_hand.required, inventory.on_hand.compare, inventory.reserved.required, inventory.reserved.compare, inventory.cost.compare, inventory.site+sku.unique, inventory.reserved_is_there, inventory.stock_has_cost, inventory.counted_lately, inventory.sku.distinct, inventory.value
SELECT
  COUNT(*) AS "m1",
  COUNT(RTRIM("site", ' ')) AS "m2",
  COUNT("sku") AS "m4",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("sku", '^[A-Z]{3}-[0-9]{4}$')), 0) AS "m5",
  COUNT("on_hand") AS "m6",
  COALESCE(COUNT_IF("on_hand" < 0), 0) AS "m7",
  COUNT("reserved") AS "m8",
  COALESCE(COUNT_IF("reserved" < 0), 0) AS "m9",
  COALESCE(COUNT_IF("cost" <= 0), 0) AS "m10",
  COALESCE(COUNT_IF("reserved" > "on_hand"), 0) AS "m12",
  COALESCE(COUNT_IF("on_hand" > 0 AND "cost" IS NULL), 0) AS "m13",
  COALESCE(COUNT_IF("on_hand" > 0), 0) AS "m14",
  COALESCE(COUNT_IF("counted" < CAST($today AS DATE) - 90), 0) AS "m15",
  COUNT(DISTINCT "sku") AS "m17",
  CAST(SUM("on_hand" * CAST("cost" AS DECIMAL(19, 4))) AS DECIMAL(38, 4)) AS "m18"
FROM "public"."inventory";

-- s2: inventory.site.references
SELECT
  COUNT(*) AS "m3"
FROM "public"."inventory" AS "assay_dataset"
WHERE RTRIM("assay_dataset"."site", ' ') IS NOT NULL
  AND RTRIM("assay_dataset"."site", ' ') NOT IN (SELECT "assay_target"."code" FROM "public"."sites" AS "assay_target" WHERE "assay_target"."code" IS NOT NULL);

-- s3: inventory.site+sku.unique
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m11"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."inventory" WHERE RTRIM("site", ' ') IS NOT NULL AND "sku" IS NOT NULL GROUP BY RTRIM("site", ' '), "sku" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: inventory.on_hand+reserved.sum, inventory.rows
SELECT
  RTRIM("site", ' ') AS "g1",
  SUM(CAST("on_hand" AS BIGINT) - CAST("reserved" AS BIGINT)) AS "m16",
  COUNT(*) AS "m19"
FROM "public"."inventory"
GROUP BY RTRIM("site", ' ');

-- failed rows of inventory.site.required
SELECT
  "site" AS "site",
  "sku" AS "sku"
FROM "public"."inventory"
WHERE RTRIM("site", ' ') IS NULL
LIMIT 100;

-- failed rows of inventory.site.references
SELECT
  "assay_dataset"."site" AS "site",
  "assay_dataset"."sku" AS "sku"
FROM "public"."inventory" AS "assay_dataset"
WHERE RTRIM("assay_dataset"."site", ' ') IS NOT NULL
  AND RTRIM("assay_dataset"."site", ' ') NOT IN (SELECT "assay_target"."code" FROM "public"."sites" AS "assay_target" WHERE "assay_target"."code" IS NOT NULL)
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
WHERE NOT REGEXP_MATCHES("sku", '^[A-Z]{3}-[0-9]{4}$')
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
WHERE (RTRIM("site", ' '), "sku") IN (SELECT RTRIM("site", ' '), "sku" FROM "public"."inventory" WHERE RTRIM("site", ' ') IS NOT NULL AND "sku" IS NOT NULL GROUP BY RTRIM("site", ' '), "sku" HAVING COUNT(*) > 1)
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
WHERE "counted" < CAST($today AS DATE) - 90
LIMIT 100;
