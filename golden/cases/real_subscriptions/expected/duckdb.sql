-- billing.subscriptions 2.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: subscriptions.id.required, subscriptions.plan.required, subscriptions.plan.in, subscriptions.price.required, subscriptions.price.compare, subscriptions.seats.required, subscriptions.seats.compare, subscriptions.starts_on.required, subscriptions.cancelled.required, subscriptions.reason.length, subscriptions.id+starts_on.unique, subscriptions.one_open_period, subscriptions.period, subscriptions.free_is_free, subscriptions.paid_is_not, subscriptions.cancelled_ends, subscriptions.reason_given, subscriptions.revenue, subscriptions.churn
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("plan") AS "m3",
  COALESCE(COUNT_IF("plan" NOT IN ('free', 'basic', 'pro')), 0) AS "m4",
  COUNT("price") AS "m5",
  COALESCE(COUNT_IF("price" < 0), 0) AS "m6",
  COUNT("seats") AS "m7",
  COALESCE(COUNT_IF("seats" <= 0), 0) AS "m8",
  COUNT("starts_on") AS "m9",
  COUNT("cancelled") AS "m10",
  COALESCE(COUNT_IF("reason" NOT IN ('', 'none') AND LENGTH("reason") > 20), 0) AS "m11",
  COALESCE(COUNT_IF("ends_on" IS NULL), 0) AS "m15",
  COALESCE(COUNT_IF("ends_on" <= "starts_on"), 0) AS "m16",
  COALESCE(COUNT_IF("plan" = 'free' AND "price" <> 0), 0) AS "m17",
  COALESCE(COUNT_IF("plan" = 'free'), 0) AS "m18",
  COALESCE(COUNT_IF("plan" <> 'free' AND "price" <= 0), 0) AS "m19",
  COALESCE(COUNT_IF("plan" <> 'free'), 0) AS "m20",
  COALESCE(COUNT_IF("cancelled"), 0) AS "m21",
  COUNT("ends_on") FILTER (WHERE "cancelled") AS "m22",
  COALESCE(COUNT_IF("cancelled" AND NOT ("reason" IS NOT NULL AND "reason" <> '')), 0) AS "m23",
  CAST(SUM("price" * "seats") AS DECIMAL(38, 2)) AS "m24",
  COALESCE(COUNT_IF("cancelled"), 0) AS "m25"
FROM "public"."subscriptions";

-- s2: subscriptions.id+starts_on.unique
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m12"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."subscriptions" WHERE "id" IS NOT NULL AND "starts_on" IS NOT NULL GROUP BY "id", "starts_on" HAVING COUNT(*) > 1) AS "assay_keys";

-- s3: subscriptions.one_open_period
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m13"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."subscriptions" WHERE "ends_on" IS NULL AND "id" IS NOT NULL) AS "assay_keys";

-- s4: subscriptions.one_open_period
-- only where m13 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m14"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."subscriptions" WHERE "ends_on" IS NULL AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: subscriptions.rows
SELECT
  "plan" AS "g1",
  COUNT(*) AS "m26"
FROM "public"."subscriptions"
GROUP BY "plan";

-- failed rows of subscriptions.id.required
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on"
FROM "public"."subscriptions"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of subscriptions.plan.required
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "plan" AS "plan"
FROM "public"."subscriptions"
WHERE "plan" IS NULL
LIMIT 100;

-- failed rows of subscriptions.plan.in
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "plan" AS "plan"
FROM "public"."subscriptions"
WHERE "plan" NOT IN ('free', 'basic', 'pro')
LIMIT 100;

-- failed rows of subscriptions.price.required
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "price" AS "price"
FROM "public"."subscriptions"
WHERE "price" IS NULL
LIMIT 100;

-- failed rows of subscriptions.price.compare
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "price" AS "price"
FROM "public"."subscriptions"
WHERE "price" < 0
LIMIT 100;

-- failed rows of subscriptions.seats.required
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "seats" AS "seats"
FROM "public"."subscriptions"
WHERE "seats" IS NULL
LIMIT 100;

-- failed rows of subscriptions.seats.compare
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "seats" AS "seats"
FROM "public"."subscriptions"
WHERE "seats" <= 0
LIMIT 100;

-- failed rows of subscriptions.starts_on.required
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on"
FROM "public"."subscriptions"
WHERE "starts_on" IS NULL
LIMIT 100;

-- failed rows of subscriptions.cancelled.required
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "cancelled" AS "cancelled"
FROM "public"."subscriptions"
WHERE "cancelled" IS NULL
LIMIT 100;

-- failed rows of subscriptions.reason.length
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "reason" AS "reason"
FROM "public"."subscriptions"
WHERE "reason" NOT IN ('', 'none')
  AND LENGTH("reason") > 20
LIMIT 100;

-- failed rows of subscriptions.id+starts_on.unique
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on"
FROM "public"."subscriptions"
WHERE ("id", "starts_on") IN (SELECT "id", "starts_on" FROM "public"."subscriptions" WHERE "id" IS NOT NULL AND "starts_on" IS NOT NULL GROUP BY "id", "starts_on" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of subscriptions.one_open_period
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on"
FROM "public"."subscriptions"
WHERE "ends_on" IS NULL
  AND "id" IN (SELECT "id" FROM "public"."subscriptions" WHERE "ends_on" IS NULL AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of subscriptions.period
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "ends_on" AS "ends_on"
FROM "public"."subscriptions"
WHERE "ends_on" <= "starts_on"
LIMIT 100;

-- failed rows of subscriptions.free_is_free
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "price" AS "price",
  "plan" AS "plan"
FROM "public"."subscriptions"
WHERE "plan" = 'free'
  AND "price" <> 0
LIMIT 100;

-- failed rows of subscriptions.paid_is_not
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "price" AS "price",
  "plan" AS "plan"
FROM "public"."subscriptions"
WHERE "plan" <> 'free'
  AND "price" <= 0
LIMIT 100;

-- failed rows of subscriptions.cancelled_ends
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "ends_on" AS "ends_on",
  "cancelled" AS "cancelled"
FROM "public"."subscriptions"
WHERE "cancelled"
  AND "ends_on" IS NULL
LIMIT 100;

-- failed rows of subscriptions.reason_given
SELECT
  "id" AS "id",
  "starts_on" AS "starts_on",
  "reason" AS "reason",
  "cancelled" AS "cancelled"
FROM "public"."subscriptions"
WHERE "cancelled"
  AND NOT ("reason" IS NOT NULL AND "reason" <> '')
LIMIT 100;
