-- demo.partners 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: partners.email.matches, partners.ip.matches, partners.site.matches, partners.country.matches, partners.currency.matches, partners.day.matches, partners.token.matches, partners.iban.matches, partners.last_one.matches, partners.title.matches
SELECT
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')), 0) AS "m1",
  COUNT(*) AS "m2",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("ip", '^(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}$')), 0) AS "m3",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("site", '^https?://[A-Za-z0-9.\-]+(?::[0-9]{1,5})?(?:[/?#][^ \t\n\r\f\v]*)?$')), 0) AS "m4",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES(RTRIM("country", ' '), '^[A-Z]{2}$')), 0) AS "m5",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES(RTRIM("currency", ' '), '^[A-Z]{3}$')), 0) AS "m6",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("day", '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$')), 0) AS "m7",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("token", '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$')), 0) AS "m8",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("iban", '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$')), 0) AS "m9",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("last_one", '^[A-Z]{2}-[0-9]{6}$')), 0) AS "m10",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("title", '[a-z]')), 0) AS "m11"
FROM "public"."partners";

-- failed rows of partners.email.matches
SELECT
  "email" AS "email"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')
LIMIT 100;

-- failed rows of partners.ip.matches
SELECT
  "ip" AS "ip"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES("ip", '^(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}$')
LIMIT 100;

-- failed rows of partners.site.matches
SELECT
  "site" AS "site"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES("site", '^https?://[A-Za-z0-9.\-]+(?::[0-9]{1,5})?(?:[/?#][^ \t\n\r\f\v]*)?$')
LIMIT 100;

-- failed rows of partners.country.matches
SELECT
  "country" AS "country"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES(RTRIM("country", ' '), '^[A-Z]{2}$')
LIMIT 100;

-- failed rows of partners.currency.matches
SELECT
  "currency" AS "currency"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES(RTRIM("currency", ' '), '^[A-Z]{3}$')
LIMIT 100;

-- failed rows of partners.day.matches
SELECT
  "day" AS "day"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES("day", '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$')
LIMIT 100;

-- failed rows of partners.token.matches
SELECT
  "token" AS "token"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES("token", '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$')
LIMIT 100;

-- failed rows of partners.iban.matches
SELECT
  "iban" AS "iban"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES("iban", '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$')
LIMIT 100;

-- failed rows of partners.last_one.matches
SELECT
  "last_one" AS "last_one"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES("last_one", '^[A-Z]{2}-[0-9]{6}$')
LIMIT 100;

-- failed rows of partners.title.matches
SELECT
  "title" AS "title"
FROM "public"."partners"
WHERE NOT REGEXP_MATCHES("title", '[a-z]')
LIMIT 100;
