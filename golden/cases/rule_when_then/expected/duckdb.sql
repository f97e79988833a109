-- demo.parcels 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: parcels.id.required, parcels.shipped_has_date, parcels.shipped_has_weight, parcels.lost_never, parcels.lost_seldom, parcels.others_have_none
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("status" = 'shipped' AND "shipped_on" IS NULL), 0) AS "m3",
  COALESCE(COUNT_IF("status" = 'shipped'), 0) AS "m4",
  COALESCE(COUNT_IF("status" = 'shipped' AND "weight" <= 0), 0) AS "m5",
  COALESCE(COUNT_IF("status" = 'lost' AND "weight" <> 0), 0) AS "m6",
  COALESCE(COUNT_IF("status" = 'lost'), 0) AS "m7",
  COALESCE(COUNT_IF("weight" IS NOT NULL AND "status" <> 'shipped' AND "shipped_on" IS NOT NULL), 0) AS "m8",
  COALESCE(COUNT_IF("weight" IS NOT NULL AND "status" <> 'shipped'), 0) AS "m9"
FROM "public"."parcels";

-- failed rows of parcels.id.required
SELECT
  "id" AS "id"
FROM "public"."parcels"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of parcels.shipped_has_date
SELECT
  "shipped_on" AS "shipped_on",
  "status" AS "status"
FROM "public"."parcels"
WHERE "status" = 'shipped'
  AND "shipped_on" IS NULL
LIMIT 100;

-- failed rows of parcels.shipped_has_weight
SELECT
  "weight" AS "weight",
  "status" AS "status"
FROM "public"."parcels"
WHERE "status" = 'shipped'
  AND "weight" <= 0
LIMIT 100;

-- failed rows of parcels.lost_never
SELECT
  "weight" AS "weight",
  "status" AS "status"
FROM "public"."parcels"
WHERE "status" = 'lost'
  AND "weight" <> 0
LIMIT 100;

-- failed rows of parcels.lost_seldom
SELECT
  "weight" AS "weight",
  "status" AS "status"
FROM "public"."parcels"
WHERE "status" = 'lost'
  AND "weight" <> 0
LIMIT 100;

-- failed rows of parcels.others_have_none
SELECT
  "shipped_on" AS "shipped_on",
  "weight" AS "weight",
  "status" AS "status"
FROM "public"."parcels"
WHERE "weight" IS NOT NULL
  AND "status" <> 'shipped'
  AND "shipped_on" IS NOT NULL
LIMIT 100;
