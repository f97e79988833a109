-- demo.members 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: members.id.required, members.joined.required, members.email.required, members.email.matches, members.phone.required, members.town.required, members.zip.length
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("joined") AS "m3",
  COUNT("email") AS "m4",
  COUNT(*) FILTER (WHERE "joined" >= CAST('2020-01-01' AS DATE) AND NOT "email" ~ '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$') AS "m5",
  COUNT(*) FILTER (WHERE "joined" >= CAST('2020-01-01' AS DATE)) AS "m6",
  COUNT("phone") FILTER (WHERE "joined" >= CAST('2020-01-01' AS DATE)) AS "m7",
  COUNT("town") FILTER (WHERE "joined" >= CAST('2020-01-01' AS DATE)) AS "m8",
  COUNT(*) FILTER (WHERE "town" = 'Ghent' AND "joined" IS NOT NULL AND LENGTH("zip") <> 4) AS "m9",
  COUNT(*) FILTER (WHERE "town" = 'Ghent' AND "joined" IS NOT NULL) AS "m10"
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
  AND NOT "email" ~ '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$'
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
