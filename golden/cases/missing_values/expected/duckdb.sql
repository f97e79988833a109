-- demo.contacts 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: contacts.id.required, contacts.email.required, contacts.email.matches, contacts.phone.matches, contacts.age.between, contacts.email.missing, contacts.phone.missing, contacts.age.missing, contacts.age.avg, contacts.age.min, contacts.email.distinct, contacts.phone.duplicates, contacts.email.avg
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("email" IS NULL OR "email" IN ('', 'n/a', '-')), 0) AS "m3",
  COALESCE(COUNT_IF("email" NOT IN ('', 'n/a', '-') AND NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')), 0) AS "m4",
  COALESCE(COUNT_IF("phone" NOT IN ('', 'n/a') AND NOT REGEXP_MATCHES("phone", '^\+[1-9][0-9]{6,14}$')), 0) AS "m5",
  COALESCE(COUNT_IF("age" NOT IN (-1, 999) AND "age" NOT BETWEEN 0 AND 120), 0) AS "m6",
  COALESCE(COUNT_IF("phone" IS NULL OR "phone" IN ('', 'n/a')), 0) AS "m7",
  COALESCE(COUNT_IF("age" IS NULL OR "age" IN (-1, 999)), 0) AS "m8",
  SUM(CASE WHEN "age" NOT IN (-1, 999) THEN "age" END) AS "m9",
  COUNT(CASE WHEN "age" NOT IN (-1, 999) THEN "age" END) AS "m10",
  MIN(CASE WHEN "age" NOT IN (-1, 999) THEN "age" END) AS "m11",
  COUNT(DISTINCT CASE WHEN "email" NOT IN ('', 'n/a', '-') THEN "email" END) AS "m12",
  SUM(LENGTH(CASE WHEN "email" NOT IN ('', 'n/a', '-') THEN "email" END)) FILTER (WHERE "id" < 7) AS "m15",
  COUNT(LENGTH(CASE WHEN "email" NOT IN ('', 'n/a', '-') THEN "email" END)) FILTER (WHERE "id" < 7) AS "m16"
FROM "public"."contacts";

-- s2: contacts.phone.duplicates
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m13"
FROM (SELECT CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END <= LAG(CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END) OVER () AS "assay_step" FROM "public"."contacts" WHERE CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END IS NOT NULL) AS "assay_keys";

-- s3: contacts.phone.duplicates
-- only where m13 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m14"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."contacts" WHERE CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END IS NOT NULL GROUP BY CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END HAVING COUNT(*) > 1) AS "assay_keys";

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
  AND NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')
LIMIT 100;

-- failed rows of contacts.phone.matches
SELECT
  "phone" AS "phone"
FROM "public"."contacts"
WHERE "phone" NOT IN ('', 'n/a')
  AND NOT REGEXP_MATCHES("phone", '^\+[1-9][0-9]{6,14}$')
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
WHERE CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END IN (SELECT CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END FROM "public"."contacts" WHERE CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END IS NOT NULL GROUP BY CASE WHEN "phone" NOT IN ('', 'n/a') THEN "phone" END HAVING COUNT(*) > 1)
LIMIT 100;
