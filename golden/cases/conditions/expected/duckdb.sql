-- demo.profiles 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: profiles.id.required, profiles.name.length, profiles.reachable, profiles.no_digits, profiles.not_shouting, profiles.rewarded, profiles.rank, profiles.good_mail
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF(LENGTH("name") NOT BETWEEN 2 AND 20), 0) AS "m3",
  COALESCE(COUNT_IF(NOT (REGEXP_MATCHES("mail", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$') OR REGEXP_MATCHES("site", '^https?://[A-Za-z0-9.\-]+(?::[0-9]{1,5})?(?:[/?#][^ \t\n\r\f\v]*)?$'))), 0) AS "m4",
  COALESCE(COUNT_IF(REGEXP_MATCHES("name", '[0-9]')), 0) AS "m5",
  COALESCE(COUNT_IF(LENGTH("name") > 3 AND NOT (REGEXP_MATCHES("name", '[a-z]') AND "name" NOT LIKE '%!')), 0) AS "m6",
  COALESCE(COUNT_IF(LENGTH("name") > 3), 0) AS "m7",
  COALESCE(COUNT_IF(NOT CASE WHEN "points" > 100 THEN "site" IS NOT NULL WHEN "points" IS NULL THEN NULL ELSE "mail" IS NOT NULL END), 0) AS "m8",
  COALESCE(COUNT_IF(CASE WHEN "points" = 0 THEN 'new' WHEN "points" = 100 THEN 'full' ELSE 'old' END NOT IN ('new', 'old')), 0) AS "m9",
  COALESCE(COUNT_IF(REGEXP_MATCHES("mail", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')), 0) AS "m10",
  COUNT("mail") AS "m11"
FROM "public"."profiles";

-- failed rows of profiles.id.required
SELECT
  "id" AS "id"
FROM "public"."profiles"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of profiles.name.length
SELECT
  "name" AS "name"
FROM "public"."profiles"
WHERE LENGTH("name") NOT BETWEEN 2 AND 20
LIMIT 100;

-- failed rows of profiles.reachable
SELECT
  "mail" AS "mail",
  "site" AS "site"
FROM "public"."profiles"
WHERE NOT (REGEXP_MATCHES("mail", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$') OR REGEXP_MATCHES("site", '^https?://[A-Za-z0-9.\-]+(?::[0-9]{1,5})?(?:[/?#][^ \t\n\r\f\v]*)?$'))
LIMIT 100;

-- failed rows of profiles.no_digits
SELECT
  "name" AS "name"
FROM "public"."profiles"
WHERE REGEXP_MATCHES("name", '[0-9]')
LIMIT 100;

-- failed rows of profiles.not_shouting
SELECT
  "name" AS "name"
FROM "public"."profiles"
WHERE LENGTH("name") > 3
  AND NOT (REGEXP_MATCHES("name", '[a-z]') AND "name" NOT LIKE '%!')
LIMIT 100;

-- failed rows of profiles.rewarded
SELECT
  "points" AS "points",
  "site" AS "site",
  "mail" AS "mail"
FROM "public"."profiles"
WHERE NOT CASE WHEN "points" > 100 THEN "site" IS NOT NULL WHEN "points" IS NULL THEN NULL ELSE "mail" IS NOT NULL END
LIMIT 100;

-- failed rows of profiles.rank
SELECT
  "points" AS "points"
FROM "public"."profiles"
WHERE CASE WHEN "points" = 0 THEN 'new' WHEN "points" = 100 THEN 'full' ELSE 'old' END NOT IN ('new', 'old')
LIMIT 100;
