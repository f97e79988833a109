-- demo.odd_names 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: odd_names.select.required, odd_names.Order Total.required, odd_names.Order Total.compare, odd_names.it's.required, odd_names.it's.in, odd_names.say "hi".required, odd_names.🙂.between, odd_names.from.references, odd_names.select+🙂.unique, odd_names.sensible, odd_names.total, odd_names.most
SELECT
  COUNT(*) AS "m1",
  COUNT("select") AS "m2",
  COUNT("Order Total") AS "m3",
  COALESCE(COUNT_IF("Order Total" < 0), 0) AS "m4",
  COUNT("it's") AS "m5",
  COALESCE(COUNT_IF("it's" NOT IN ('yes', 'no')), 0) AS "m6",
  COUNT("say ""hi""") AS "m7",
  COALESCE(COUNT_IF("🙂" NOT BETWEEN 1 AND 5), 0) AS "m8",
  COALESCE(COUNT_IF(NOT ("Order Total" > "select" OR "🙂" IS NULL)), 0) AS "m11",
  SUM("Order Total") AS "m12",
  MAX("back`tick") AS "m13"
FROM "public"."Odd ""Table""";

-- s2: odd_names.from.references
SELECT
  COUNT(*) AS "m9"
FROM "public"."Odd ""Table""" AS "assay_dataset"
WHERE "assay_dataset"."from" IS NOT NULL
  AND "assay_dataset"."from" NOT IN (SELECT "assay_target"."the key" FROM "public"."Other;Table" AS "assay_target" WHERE "assay_target"."the key" IS NOT NULL);

-- s3: odd_names.select+🙂.unique
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m10"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."Odd ""Table""" WHERE "select" IS NOT NULL AND "🙂" IS NOT NULL GROUP BY "select", "🙂" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: odd_names.rows
SELECT
  "it's" AS "g1",
  COUNT(*) AS "m14"
FROM "public"."Odd ""Table"""
GROUP BY "it's";

-- failed rows of odd_names.select.required
SELECT
  "select" AS "select"
FROM "public"."Odd ""Table"""
WHERE "select" IS NULL
LIMIT 100;

-- failed rows of odd_names.Order Total.required
SELECT
  "Order Total" AS "Order Total"
FROM "public"."Odd ""Table"""
WHERE "Order Total" IS NULL
LIMIT 100;

-- failed rows of odd_names.Order Total.compare
SELECT
  "Order Total" AS "Order Total"
FROM "public"."Odd ""Table"""
WHERE "Order Total" < 0
LIMIT 100;

-- failed rows of odd_names.it's.required
SELECT
  "it's" AS "it's"
FROM "public"."Odd ""Table"""
WHERE "it's" IS NULL
LIMIT 100;

-- failed rows of odd_names.it's.in
SELECT
  "it's" AS "it's"
FROM "public"."Odd ""Table"""
WHERE "it's" NOT IN ('yes', 'no')
LIMIT 100;

-- failed rows of odd_names.say "hi".required
SELECT
  "say ""hi""" AS "say ""hi"""
FROM "public"."Odd ""Table"""
WHERE "say ""hi""" IS NULL
LIMIT 100;

-- failed rows of odd_names.🙂.between
SELECT
  "🙂" AS "🙂"
FROM "public"."Odd ""Table"""
WHERE "🙂" NOT BETWEEN 1 AND 5
LIMIT 100;

-- failed rows of odd_names.from.references
SELECT
  "assay_dataset"."from" AS "from"
FROM "public"."Odd ""Table""" AS "assay_dataset"
WHERE "assay_dataset"."from" IS NOT NULL
  AND "assay_dataset"."from" NOT IN (SELECT "assay_target"."the key" FROM "public"."Other;Table" AS "assay_target" WHERE "assay_target"."the key" IS NOT NULL)
LIMIT 100;

-- failed rows of odd_names.select+🙂.unique
SELECT
  "select" AS "select",
  "🙂" AS "🙂"
FROM "public"."Odd ""Table"""
WHERE ("select", "🙂") IN (SELECT "select", "🙂" FROM "public"."Odd ""Table""" WHERE "select" IS NOT NULL AND "🙂" IS NOT NULL GROUP BY "select", "🙂" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of odd_names.sensible
SELECT
  "Order Total" AS "Order Total",
  "select" AS "select",
  "🙂" AS "🙂"
FROM "public"."Odd ""Table"""
WHERE NOT ("Order Total" > "select" OR "🙂" IS NULL)
LIMIT 100;
