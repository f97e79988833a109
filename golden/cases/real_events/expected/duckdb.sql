-- product.events 0.9.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: events.event_id.required, events.event_id.unique, events.name.required, events.name.matches, events.platform.required, events.platform.in, events.version.matches, events.sent_at.required, events.stored_at.required, events.stored_after_sent, events.stored_soon, events.signed_in, events.stored_at.freshness, events.user_id.missing, events.user_id.distinct, events.days
SELECT
  COUNT(*) AS "m1",
  COUNT("event_id") AS "m2",
  COUNT("name") AS "m5",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("name", '^[a-z]+(?:_[a-z]+)*$')), 0) AS "m6",
  COUNT("platform") AS "m7",
  COALESCE(COUNT_IF("platform" NOT IN ('web', 'ios', 'android')), 0) AS "m8",
  COALESCE(COUNT_IF("platform" <> 'web' AND NOT REGEXP_MATCHES("version", '^(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?(?:\+[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?$')), 0) AS "m9",
  COALESCE(COUNT_IF("platform" <> 'web'), 0) AS "m10",
  COUNT("sent_at") AS "m11",
  COUNT("stored_at") AS "m12",
  COALESCE(COUNT_IF("stored_at" < "sent_at" + CAST('-300000000 microseconds' AS INTERVAL)), 0) AS "m13",
  COALESCE(COUNT_IF(EPOCH_US("stored_at") - EPOCH_US("sent_at") > 3600000000), 0) AS "m14",
  COALESCE(COUNT_IF("name" = 'checkout' AND "user_id" IS NULL), 0) AS "m15",
  COALESCE(COUNT_IF("name" = 'checkout'), 0) AS "m16",
  EPOCH_US(MAX("stored_at")) AS "m18",
  COUNT("user_id") AS "m19",
  COUNT(DISTINCT "user_id") AS "m20",
  COUNT(DISTINCT DATE_TRUNC('day', "sent_at")) AS "m21"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL);

-- s2: events.event_id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "event_id" <= LAG("event_id") OVER () AS "assay_step" FROM "public"."events" WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL) AND "event_id" IS NOT NULL) AS "assay_keys";

-- s3: events.event_id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."events" WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL) AND "event_id" IS NOT NULL GROUP BY "event_id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: events.rows
SELECT
  "platform" AS "g1",
  COUNT(*) AS "m17"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
GROUP BY "platform";

-- failed rows of events.event_id.required
SELECT
  "event_id" AS "event_id"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "event_id" IS NULL
LIMIT 100;

-- failed rows of events.event_id.unique
SELECT
  "event_id" AS "event_id"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "event_id" IN (SELECT "event_id" FROM "public"."events" WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL) AND "event_id" IS NOT NULL GROUP BY "event_id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of events.name.required
SELECT
  "event_id" AS "event_id",
  "name" AS "name"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "name" IS NULL
LIMIT 100;

-- failed rows of events.name.matches
SELECT
  "event_id" AS "event_id",
  "name" AS "name"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND NOT REGEXP_MATCHES("name", '^[a-z]+(?:_[a-z]+)*$')
LIMIT 100;

-- failed rows of events.platform.required
SELECT
  "event_id" AS "event_id",
  "platform" AS "platform"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "platform" IS NULL
LIMIT 100;

-- failed rows of events.platform.in
SELECT
  "event_id" AS "event_id",
  "platform" AS "platform"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "platform" NOT IN ('web', 'ios', 'android')
LIMIT 100;

-- failed rows of events.version.matches
SELECT
  "event_id" AS "event_id",
  "version" AS "version"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "platform" <> 'web'
  AND NOT REGEXP_MATCHES("version", '^(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?(?:\+[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?$')
LIMIT 100;

-- failed rows of events.sent_at.required
SELECT
  "event_id" AS "event_id",
  "sent_at" AS "sent_at"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "sent_at" IS NULL
LIMIT 100;

-- failed rows of events.stored_at.required
SELECT
  "event_id" AS "event_id",
  "stored_at" AS "stored_at"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "stored_at" IS NULL
LIMIT 100;

-- failed rows of events.stored_after_sent
SELECT
  "event_id" AS "event_id",
  "stored_at" AS "stored_at",
  "sent_at" AS "sent_at"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "stored_at" < "sent_at" + CAST('-300000000 microseconds' AS INTERVAL)
LIMIT 100;

-- failed rows of events.stored_soon
SELECT
  "event_id" AS "event_id",
  "sent_at" AS "sent_at",
  "stored_at" AS "stored_at"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND EPOCH_US("stored_at") - EPOCH_US("sent_at") > 3600000000
LIMIT 100;

-- failed rows of events.signed_in
SELECT
  "event_id" AS "event_id",
  "user_id" AS "user_id",
  "name" AS "name"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "name" = 'checkout'
  AND "user_id" IS NULL
LIMIT 100;

-- failed rows of events.user_id.missing
SELECT
  "event_id" AS "event_id",
  "user_id" AS "user_id"
FROM "public"."events"
WHERE "sent_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-259200000000 microseconds' AS INTERVAL)
  AND "user_id" IS NULL
LIMIT 100;
