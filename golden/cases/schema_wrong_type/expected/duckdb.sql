-- demo.events 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: events.id.required, events.amount.compare, events.at.required, events.name.length, events.size.compare, events.score.compare, events.amount.sum, events.at.max, events.rows, events.size.avg
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("amount" < 0), 0) AS "m3",
  COUNT("at") AS "m4",
  COALESCE(COUNT_IF(LENGTH("name") <= 0), 0) AS "m5",
  COALESCE(COUNT_IF("size" <= 0), 0) AS "m6",
  COALESCE(COUNT_IF("score" > 1), 0) AS "m7",
  CAST(SUM("amount") AS DECIMAL(38, 2)) AS "m8",
  MAX("at") AS "m9",
  SUM("size") AS "m10",
  COUNT("size") AS "m11"
FROM "public"."events";

-- failed rows of events.id.required
SELECT
  "id" AS "id"
FROM "public"."events"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of events.amount.compare
SELECT
  "amount" AS "amount"
FROM "public"."events"
WHERE "amount" < 0
LIMIT 100;

-- failed rows of events.at.required
SELECT
  "at" AS "at"
FROM "public"."events"
WHERE "at" IS NULL
LIMIT 100;

-- failed rows of events.name.length
SELECT
  "name" AS "name"
FROM "public"."events"
WHERE LENGTH("name") <= 0
LIMIT 100;

-- failed rows of events.size.compare
SELECT
  "size" AS "size"
FROM "public"."events"
WHERE "size" <= 0
LIMIT 100;

-- failed rows of events.score.compare
SELECT
  "score" AS "score"
FROM "public"."events"
WHERE "score" > 1
LIMIT 100;
