-- demo.members 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: members.id.required, members.joined.required, members.email.required, members.email.matches, members.phone.required, members.town.required, members.zip.length
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("joined") AS "m3",
  COUNT("email") AS "m4",
  COALESCE(COUNT_IF("joined" >= CAST('2020-01-01' AS DATE) AND NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')), 0) AS "m5",
  COALESCE(COUNT_IF("joined" >= CAST('2020-01-01' AS DATE)), 0) AS "m6",
  COUNT("phone") FILTER (WHERE "joined" >= CAST('2020-01-01' AS DATE)) AS "m7",
  COUNT("town") FILTER (WHERE "joined" >= CAST('2020-01-01' AS DATE)) AS "m8",
  COALESCE(COUNT_IF("town" = 'Ghent' AND "joined" IS NOT NULL AND LENGTH("zip") <> 4), 0) AS "m9",
  COALESCE(COUNT_IF("town" = 'Ghent' AND "joined" IS NOT NULL), 0) AS "m10"
FROM "public"."members";

-- failed rows of members.id.required
SELECT
  "id" AS "id"
FROM "public"."members"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of members.joined.required
SELECT
  "joined" AS "joined"
FROM "public"."members"
WHERE "joined" IS NULL
LIMIT 100;

-- failed rows of members.email.required
SELECT
  "email" AS "email"
FROM "public"."members"
WHERE "email" IS NULL
LIMIT 100;

-- failed rows of members.email.matches
SELECT
  "email" AS "email"
FROM "public"."members"
WHERE "joined" >= CAST('2020-01-01' AS DATE)
  AND NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')
LIMIT 100;

-- failed rows of members.phone.required
SELECT
  "phone" AS "phone"
FROM "public"."members"
WHERE "joined" >= CAST('2020-01-01' AS DATE)
  AND "phone" IS NULL
LIMIT 100;

-- failed rows of members.town.required
SELECT
  "town" AS "town"
FROM "public"."members"
WHERE "joined" >= CAST('2020-01-01' AS DATE)
  AND "town" IS NULL
LIMIT 100;

-- failed rows of members.zip.length
SELECT
  "zip" AS "zip"
FROM "public"."members"
WHERE "town" = 'Ghent'
  AND "joined" IS NOT NULL
  AND LENGTH("zip") <> 4
LIMIT 100;
