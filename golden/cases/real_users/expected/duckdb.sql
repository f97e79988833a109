-- core.users 3.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: users.id.required, users.id.unique, users.email.required, users.email.matches, users.handle.required, users.handle.matches, users.handle.length, users.birth_date.between, users.locale.matches, users.state.required, users.state.in, users.created_at.required, users.referrer.references, users.handle.unique, users.closed_has_date, users.open_has_none, users.closed_later, users.adult, users.not_own_referrer, users.emails_are_unique, users.active_share, users.locale.missing
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("email") AS "m6",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("email", '^[A-Za-z0-9.!#$%&''*+/=?\^_`{|}~\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?$')), 0) AS "m7",
  COUNT("handle") AS "m8",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("handle", '^[a-z][a-z0-9_]*$')), 0) AS "m9",
  COALESCE(COUNT_IF(LENGTH("handle") NOT BETWEEN 3 AND 20), 0) AS "m10",
  COALESCE(COUNT_IF("birth_date" NOT BETWEEN CAST('1900-01-01' AS DATE) AND CAST('2024-06-01' AS DATE)), 0) AS "m11",
  COALESCE(COUNT_IF("locale" NOT IN ('xx') AND NOT REGEXP_MATCHES("locale", '^[a-z]{2,3}(?:-[A-Z]{2})?$')), 0) AS "m12",
  COUNT("state") AS "m13",
  COALESCE(COUNT_IF("state" NOT IN ('pending', 'active', 'closed')), 0) AS "m14",
  COUNT("created_at") AS "m15",
  COALESCE(COUNT_IF("state" <> 'closed'), 0) AS "m19",
  COALESCE(COUNT_IF("state" = 'closed' AND "closed_at" IS NULL), 0) AS "m20",
  COALESCE(COUNT_IF("state" = 'closed'), 0) AS "m21",
  COALESCE(COUNT_IF("state" <> 'closed' AND "closed_at" IS NOT NULL), 0) AS "m22",
  COALESCE(COUNT_IF("closed_at" <= "created_at"), 0) AS "m23",
  COALESCE(COUNT_IF("created_at" < CAST(CAST("birth_date" + CAST('192 months' AS INTERVAL) AS DATE) AS TIMESTAMP)), 0) AS "m24",
  COALESCE(COUNT_IF("referrer" = "id"), 0) AS "m25",
  COALESCE(COUNT_IF("state" = 'active'), 0) AS "m28",
  COALESCE(COUNT_IF("locale" IS NULL OR "locale" IN ('xx')), 0) AS "m29"
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

-- s5: users.referrer.references
SELECT
  COUNT(*) AS "m16"
FROM "public"."users" AS "assay_dataset"
WHERE "assay_dataset"."referrer" IS NOT NULL
  AND "assay_dataset"."referrer" NOT IN (SELECT "assay_target"."id" FROM "public"."users" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL);

-- s6: users.handle.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m17"
FROM (SELECT "handle" <= LAG("handle") OVER () AS "assay_step" FROM "public"."users" WHERE "state" <> 'closed' AND "handle" IS NOT NULL) AS "assay_keys";

-- s7: users.handle.unique
-- only where m17 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m18"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."users" WHERE "state" <> 'closed' AND "handle" IS NOT NULL GROUP BY "handle" HAVING COUNT(*) > 1) AS "assay_keys";

-- s8: users.emails_are_unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m26"
FROM (SELECT LOWER("email") <= LAG(LOWER("email")) OVER () AS "assay_step" FROM "public"."users" WHERE LOWER("email") IS NOT NULL) AS "assay_keys";

-- s9: users.emails_are_unique
-- only where m26 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m27"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."users" WHERE LOWER("email") IS NOT NULL GROUP BY LOWER("email") HAVING COUNT(*) > 1) AS "assay_keys";

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

-- failed rows of users.handle.required
SELECT
  "id" AS "id",
  "handle" AS "handle"
FROM "public"."users"
WHERE "handle" IS NULL
LIMIT 100;

-- failed rows of users.handle.matches
SELECT
  "id" AS "id",
  "handle" AS "handle"
FROM "public"."users"
WHERE NOT REGEXP_MATCHES("handle", '^[a-z][a-z0-9_]*$')
LIMIT 100;

-- failed rows of users.handle.length
SELECT
  "id" AS "id",
  "handle" AS "handle"
FROM "public"."users"
WHERE LENGTH("handle") NOT BETWEEN 3 AND 20
LIMIT 100;

-- failed rows of users.birth_date.between
SELECT
  "id" AS "id",
  "birth_date" AS "birth_date"
FROM "public"."users"
WHERE "birth_date" NOT BETWEEN CAST('1900-01-01' AS DATE) AND CAST('2024-06-01' AS DATE)
LIMIT 100;

-- failed rows of users.locale.matches
SELECT
  "id" AS "id",
  "locale" AS "locale"
FROM "public"."users"
WHERE "locale" NOT IN ('xx')
  AND NOT REGEXP_MATCHES("locale", '^[a-z]{2,3}(?:-[A-Z]{2})?$')
LIMIT 100;

-- failed rows of users.state.required
SELECT
  "id" AS "id",
  "state" AS "state"
FROM "public"."users"
WHERE "state" IS NULL
LIMIT 100;

-- failed rows of users.state.in
SELECT
  "id" AS "id",
  "state" AS "state"
FROM "public"."users"
WHERE "state" NOT IN ('pending', 'active', 'closed')
LIMIT 100;

-- failed rows of users.created_at.required
SELECT
  "id" AS "id",
  "created_at" AS "created_at"
FROM "public"."users"
WHERE "created_at" IS NULL
LIMIT 100;

-- failed rows of users.referrer.references
SELECT
  "assay_dataset"."id" AS "id",
  "assay_dataset"."referrer" AS "referrer"
FROM "public"."users" AS "assay_dataset"
WHERE "assay_dataset"."referrer" IS NOT NULL
  AND "assay_dataset"."referrer" NOT IN (SELECT "assay_target"."id" FROM "public"."users" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL)
LIMIT 100;

-- failed rows of users.handle.unique
SELECT
  "id" AS "id",
  "handle" AS "handle"
FROM "public"."users"
WHERE "state" <> 'closed'
  AND "handle" IN (SELECT "handle" FROM "public"."users" WHERE "state" <> 'closed' AND "handle" IS NOT NULL GROUP BY "handle" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of users.closed_has_date
SELECT
  "id" AS "id",
  "closed_at" AS "closed_at",
  "state" AS "state"
FROM "public"."users"
WHERE "state" = 'closed'
  AND "closed_at" IS NULL
LIMIT 100;

-- failed rows of users.open_has_none
SELECT
  "id" AS "id",
  "closed_at" AS "closed_at",
  "state" AS "state"
FROM "public"."users"
WHERE "state" <> 'closed'
  AND "closed_at" IS NOT NULL
LIMIT 100;

-- failed rows of users.closed_later
SELECT
  "id" AS "id",
  "closed_at" AS "closed_at",
  "created_at" AS "created_at"
FROM "public"."users"
WHERE "closed_at" <= "created_at"
LIMIT 100;

-- failed rows of users.adult
SELECT
  "id" AS "id",
  "created_at" AS "created_at",
  "birth_date" AS "birth_date"
FROM "public"."users"
WHERE "created_at" < CAST(CAST("birth_date" + CAST('192 months' AS INTERVAL) AS DATE) AS TIMESTAMP)
LIMIT 100;

-- failed rows of users.not_own_referrer
SELECT
  "id" AS "id",
  "referrer" AS "referrer"
FROM "public"."users"
WHERE "referrer" = "id"
LIMIT 100;

-- failed rows of users.emails_are_unique
SELECT
  "id" AS "id",
  "email" AS "email"
FROM "public"."users"
WHERE LOWER("email") IN (SELECT LOWER("email") FROM "public"."users" WHERE LOWER("email") IS NOT NULL GROUP BY LOWER("email") HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of users.locale.missing
SELECT
  "id" AS "id",
  "locale" AS "locale"
FROM "public"."users"
WHERE "locale" IS NULL OR "locale" IN ('xx')
LIMIT 100;
