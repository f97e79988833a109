-- demo.users 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: users.id.required, users.id.unique, users.email.required, users.email.matches, users.phone.required, users.status.in, users.reachable, users.switched_on, users.phone.missing, users.rows
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("email") AS "m6",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')), 0) AS "m7",
  COUNT("phone") AS "m8",
  COALESCE(COUNT_IF("status" NOT IN ('on', 'off')), 0) AS "m9",
  COALESCE(COUNT_IF(NOT ("email" IS NOT NULL OR "phone" IS NOT NULL)), 0) AS "m10",
  COALESCE(COUNT_IF("status" = 'on' AND "email" IS NULL), 0) AS "m11",
  COALESCE(COUNT_IF("status" = 'on'), 0) AS "m12"
FROM "public"."users";

-- s2: users.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."users" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: users.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."users" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: users.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."users" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: users.per_status, users.phone.distinct
SELECT
  "status" AS "g1",
  COUNT(*) AS "m13",
  COUNT(DISTINCT "phone") AS "m14"
FROM "public"."users"
GROUP BY "status";

-- failed rows of users.id.required
SELECT
  "id" AS "id"
FROM "public"."users"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of users.id.unique
SELECT
  "id" AS "id"
FROM "public"."users"
WHERE "id" IN (SELECT "id" FROM "public"."users" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of users.email.required
SELECT
  "id" AS "id",
  "email" AS "email"
FROM "public"."users"
WHERE "email" IS NULL
LIMIT 100;

-- failed rows of users.email.matches
SELECT
  "id" AS "id",
  "email" AS "email"
FROM "public"."users"
WHERE NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')
LIMIT 100;

-- failed rows of users.phone.required
SELECT
  "id" AS "id",
  "phone" AS "phone"
FROM "public"."users"
WHERE "phone" IS NULL
LIMIT 100;

-- failed rows of users.status.in
SELECT
  "id" AS "id",
  "status" AS "status"
FROM "public"."users"
WHERE "status" NOT IN ('on', 'off')
LIMIT 100;

-- failed rows of users.reachable
SELECT
  "id" AS "id",
  "email" AS "email",
  "phone" AS "phone"
FROM "public"."users"
WHERE NOT ("email" IS NOT NULL OR "phone" IS NOT NULL)
LIMIT 100;

-- failed rows of users.switched_on
SELECT
  "id" AS "id",
  "email" AS "email",
  "status" AS "status"
FROM "public"."users"
WHERE "status" = 'on'
  AND "email" IS NULL
LIMIT 100;

-- failed rows of users.phone.missing
SELECT
  "id" AS "id",
  "phone" AS "phone"
FROM "public"."users"
WHERE "phone" IS NULL
LIMIT 100;
