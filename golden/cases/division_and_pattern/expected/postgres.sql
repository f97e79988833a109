-- demo.quotas 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: quotas.code.matches, quotas.within, quotas.half, quotas.used+total.avg, quotas.all_used
SELECT
  COUNT(*) FILTER (WHERE NOT "code" ~ '^[a-z]+/[0-9]+$') AS "m1",
  COUNT(*) AS "m2",
  COUNT(*) FILTER (WHERE NOT (CAST("used" AS DOUBLE PRECISION) / CAST("total" AS DOUBLE PRECISION) <= 1 AND "code" ~ '^[a-z]')) AS "m3",
  COUNT(*) FILTER (WHERE CAST("used" AS DOUBLE PRECISION) / CAST("total" AS DOUBLE PRECISION) > 0.5 AND NOT "code" ~ '/[12]$') AS "m4",
  COUNT(*) FILTER (WHERE CAST("used" AS DOUBLE PRECISION) / CAST("total" AS DOUBLE PRECISION) > 0.5) AS "m5",
  SUM(CASE WHEN STARTS_WITH("code", 'a') THEN CAST("used" AS DOUBLE PRECISION) / CAST("total" AS DOUBLE PRECISION) END) AS "m6",
  COUNT(CASE WHEN STARTS_WITH("code", 'a') THEN CAST("used" AS DOUBLE PRECISION) / CAST("total" AS DOUBLE PRECISION) END) AS "m7",
  SUM("used") FILTER (WHERE STRPOS("code", '/') > 0) AS "m8",
  SUM("total") FILTER (WHERE STRPOS("code", '/') > 0) AS "m9"
FROM "public"."quotas";

-- failed rows of quotas.code.matches
SELECT
  "code" AS "code"
FROM "public"."quotas"
WHERE NOT "code" ~ '^[a-z]+/[0-9]+$'
LIMIT 100;

-- failed rows of quotas.within
SELECT
  "used" AS "used",
  "total" AS "total",
  "code" AS "code"
FROM "public"."quotas"
WHERE NOT (CAST("used" AS DOUBLE PRECISION) / CAST("total" AS DOUBLE PRECISION) <= 1 AND "code" ~ '^[a-z]')
LIMIT 100;

-- failed rows of quotas.half
SELECT
  "code" AS "code",
  "used" AS "used",
  "total" AS "total"
FROM "public"."quotas"
WHERE CAST("used" AS DOUBLE PRECISION) / CAST("total" AS DOUBLE PRECISION) > 0.5
  AND NOT "code" ~ '/[12]$'
LIMIT 100;
