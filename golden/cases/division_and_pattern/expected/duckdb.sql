-- demo.quotas 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: quotas.code.matches, quotas.within, quotas.half, quotas.used+total.avg, quotas.all_used
SELECT
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("code", '^[a-z]+/[0-9]+$')), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF(NOT (CASE WHEN "total" = 0 AND "used" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("used" AS DOUBLE) / CAST("total" AS DOUBLE) END <= 1 AND REGEXP_MATCHES("code", '^[a-z]'))), 0) AS "m3",
  COALESCE(COUNT_IF(CASE WHEN "total" = 0 AND "used" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("used" AS DOUBLE) / CAST("total" AS DOUBLE) END > 0.5 AND NOT REGEXP_MATCHES("code", '/[12]$')), 0) AS "m4",
  COALESCE(COUNT_IF(CASE WHEN "total" = 0 AND "used" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("used" AS DOUBLE) / CAST("total" AS DOUBLE) END > 0.5), 0) AS "m5",
  SUM(CASE WHEN STARTS_WITH("code", 'a') THEN CASE WHEN "total" = 0 AND "used" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("used" AS DOUBLE) / CAST("total" AS DOUBLE) END END) AS "m6",
  COUNT(CASE WHEN STARTS_WITH("code", 'a') THEN CASE WHEN "total" = 0 AND "used" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("used" AS DOUBLE) / CAST("total" AS DOUBLE) END END) AS "m7",
  SUM("used") FILTER (WHERE CONTAINS("code", '/')) AS "m8",
  SUM("total") FILTER (WHERE CONTAINS("code", '/')) AS "m9"
FROM "public"."quotas";

-- failed rows of quotas.code.matches
SELECT
  "code" AS "code"
FROM "public"."quotas"
WHERE NOT REGEXP_MATCHES("code", '^[a-z]+/[0-9]+$')
LIMIT 100;

-- failed rows of quotas.within
SELECT
  "used" AS "used",
  "total" AS "total",
  "code" AS "code"
FROM "public"."quotas"
WHERE NOT (CASE WHEN "total" = 0 AND "used" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("used" AS DOUBLE) / CAST("total" AS DOUBLE) END <= 1 AND REGEXP_MATCHES("code", '^[a-z]'))
LIMIT 100;

-- failed rows of quotas.half
SELECT
  "code" AS "code",
  "used" AS "used",
  "total" AS "total"
FROM "public"."quotas"
WHERE CASE WHEN "total" = 0
  AND "used" IS NOT NULL THEN ERROR('division by zero') ELSE CAST("used" AS DOUBLE) / CAST("total" AS DOUBLE) END > 0.5
  AND NOT REGEXP_MATCHES("code", '/[12]$')
LIMIT 100;
