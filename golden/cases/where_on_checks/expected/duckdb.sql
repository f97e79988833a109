-- demo.sales 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: sales.id.required, sales.amount.avg, sales.web_missing, sales.amount.sum, sales.fax_missing, sales.web_large, sales.shop_peak, sales.rows
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  CAST(SUM("amount") FILTER (WHERE "channel" = 'web') AS DECIMAL(38, 2)) AS "m3",
  COUNT("amount") FILTER (WHERE "channel" = 'web') AS "m4",
  COALESCE(COUNT_IF("channel" = 'web'), 0) AS "m5",
  CAST(SUM("amount") FILTER (WHERE "channel" = 'fax') AS DECIMAL(38, 2)) AS "m6",
  COALESCE(COUNT_IF("channel" = 'fax'), 0) AS "m7",
  COUNT("amount") FILTER (WHERE "channel" = 'fax') AS "m8",
  COALESCE(COUNT_IF("channel" = 'web' AND "amount" > 15), 0) AS "m9",
  MAX("amount") FILTER (WHERE "channel" <> 'web') AS "m10",
  CAST(SUM("amount") FILTER (WHERE "channel" <> 'web') AS DECIMAL(38, 2)) AS "m11",
  COUNT("amount") FILTER (WHERE "channel" <> 'web') AS "m12",
  COALESCE(COUNT_IF("channel" IS NULL), 0) AS "m13"
FROM "public"."sales"
WHERE NOT "void";

-- failed rows of sales.id.required
SELECT
  "id" AS "id"
FROM "public"."sales"
WHERE NOT "void"
  AND "id" IS NULL
LIMIT 100;

-- failed rows of sales.web_missing
SELECT
  "amount" AS "amount"
FROM "public"."sales"
WHERE NOT "void"
  AND "channel" = 'web'
  AND "amount" IS NULL
LIMIT 100;

-- failed rows of sales.fax_missing
SELECT
  "amount" AS "amount"
FROM "public"."sales"
WHERE NOT "void"
  AND "channel" = 'fax'
  AND "amount" IS NULL
LIMIT 100;
