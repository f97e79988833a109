-- demo.letters 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: letters.id.required, letters.id.unique, letters.sender.required, letters.weight.between, letters.code.length
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("sender") AS "m6",
  COALESCE(COUNT_IF("weight" NOT BETWEEN 0 AND 500), 0) AS "m7",
  COALESCE(COUNT_IF(LENGTH("code") NOT BETWEEN 4 AND 6), 0) AS "m8"
FROM "public"."letters";

-- s2: letters.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."letters" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: letters.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."letters" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: letters.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."letters" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of letters.id.required
SELECT
  "id" AS "id",
  "sender" AS "sender",
  "street" AS "street",
  "weight" AS "weight",
  "code" AS "code",
  "phone" AS "phone"
FROM "public"."letters"
WHERE "id" IS NULL
LIMIT 10;

-- failed rows of letters.id.unique
SELECT
  "id" AS "id",
  "sender" AS "sender",
  "street" AS "street",
  "weight" AS "weight",
  "code" AS "code",
  "phone" AS "phone"
FROM "public"."letters"
WHERE "id" IN (SELECT "id" FROM "public"."letters" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 10;

-- failed rows of letters.sender.required
SELECT
  "id" AS "id",
  "sender" AS "sender",
  "street" AS "street",
  "weight" AS "weight",
  "code" AS "code",
  "phone" AS "phone"
FROM "public"."letters"
WHERE "sender" IS NULL
LIMIT 10;

-- failed rows of letters.weight.between
SELECT
  "id" AS "id",
  "sender" AS "sender",
  "street" AS "street",
  "weight" AS "weight",
  "code" AS "code",
  "phone" AS "phone"
FROM "public"."letters"
WHERE "weight" NOT BETWEEN 0 AND 500
LIMIT 10;

-- failed rows of letters.code.length
SELECT
  "id" AS "id",
  "sender" AS "sender",
  "street" AS "street",
  "weight" AS "weight",
  "code" AS "code",
  "phone" AS "phone"
FROM "public"."letters"
WHERE LENGTH("code") NOT BETWEEN 4 AND 6
LIMIT 10;
