-- demo.contacts 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: contacts.id.required, contacts.email.required, contacts.email.matches, contacts.phone.matches, contacts.age.between, contacts.email.missing, contacts.phone.missing, contacts.age.missing, contacts.age.avg, contacts.age.min, contacts.phone.duplicates, contacts.email.avg
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE "email" IS NULL OR "email" IN ('', 'n/a', '-')) AS "m3",
  COUNT(*) FILTER (WHERE "email" NOT IN ('', 'n/a', '-') AND NOT "email" ~ '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$') AS "m4",
  COUNT(*) FILTER (WHERE "phone" NOT IN ('', 'n/a') AND NOT "phone" ~ '^\+[1-9][0-9]{6,14}$') AS "m5",
  COUNT(*) FILTER (WHERE "age" NOT IN (-1, 999) AND "age" NOT BETWEEN 0 AND 120) AS "m6",
  COUNT(*) FILTER (WHERE "phone" IS NULL OR "phone" IN ('', 'n/a')) AS "m7",
  COUNT(*) FILTER (WHERE "age" IS NULL OR "age" IN (-1, 999)) AS "m8",
  SUM(CASE WHEN "age" NOT IN (-1, 999) THEN "age" END) AS "m9",
  COUNT(CASE WHEN "age" NOT IN (-1, 999) THEN "age" END) AS "m10",
  MIN(CASE WHEN "age" NOT IN (-1, 999) THEN "age" END) AS "m11",
  COUNT(CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END) AS "m13",
  SUM(LENGTH(CASE WHEN "email" NOT IN ('', 'n/a', '-') THEN "email" END)) FILTER (WHERE "id" < 7) AS "m16",
  COUNT(LENGTH(CASE WHEN "email" NOT IN ('', 'n/a', '-') THEN "email" END)) FILTER (WHERE "id" < 7) AS "m17"
FROM "public"."contacts";

-- s2: contacts.email.distinct, contacts.phone.duplicates
SELECT
  COUNT(DISTINCT CASE WHEN "email" NOT IN ('', 'n/a', '-') THEN "email" END COLLATE "C") AS "m12",
  COUNT(DISTINCT CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END COLLATE "C") AS "m14"
FROM "public"."contacts";

-- s3: contacts.phone.duplicates
-- only where (m13 - m14) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m15"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."contacts" WHERE CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END IS NOT NULL GROUP BY CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END COLLATE "C" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of contacts.id.required
SELECT
  "id" AS "id"
FROM "public"."contacts"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of contacts.email.required
SELECT
  "email" AS "email"
FROM "public"."contacts"
WHERE "email" IS NULL OR "email" IN ('', 'n/a', '-')
LIMIT 100;

-- failed rows of contacts.email.matches
SELECT
  "email" AS "email"
FROM "public"."contacts"
WHERE "email" NOT IN ('', 'n/a', '-')
  AND NOT "email" ~ '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$'
LIMIT 100;

-- failed rows of contacts.phone.matches
SELECT
  "phone" AS "phone"
FROM "public"."contacts"
WHERE "phone" NOT IN ('', 'n/a')
  AND NOT "phone" ~ '^\+[1-9][0-9]{6,14}$'
LIMIT 100;

-- failed rows of contacts.age.between
SELECT
  "age" AS "age"
FROM "public"."contacts"
WHERE "age" NOT IN (-1, 999)
  AND "age" NOT BETWEEN 0 AND 120
LIMIT 100;

-- failed rows of contacts.email.missing
SELECT
  "email" AS "email"
FROM "public"."contacts"
WHERE "email" IS NULL OR "email" IN ('', 'n/a', '-')
LIMIT 100;

-- failed rows of contacts.age.missing
SELECT
  "age" AS "age"
FROM "public"."contacts"
WHERE "age" IS NULL OR "age" IN (-1, 999)
LIMIT 100;

-- failed rows of contacts.phone.duplicates
SELECT
  "phone" AS "phone"
FROM "public"."contacts"
WHERE CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END IN (SELECT CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END COLLATE "C" FROM "public"."contacts" WHERE CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END IS NOT NULL GROUP BY CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END COLLATE "C" HAVING COUNT(*) > 1)
LIMIT 100;
