-- demo.badges 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: badges.id.required, badges.id.unique, badges.serial.unique, badges.colour.unique, badges.spare.unique
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2"
FROM "public"."badges";

-- s2: badges.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."badges" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: badges.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."badges" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: badges.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."badges" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: badges.serial.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m6"
FROM (SELECT "serial" <= LAG("serial") OVER () AS "assay_step" FROM "public"."badges" WHERE "serial" IS NOT NULL) AS "assay_keys";

-- s6: badges.serial.unique
-- only where m6 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m7"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."badges" WHERE "serial" IS NOT NULL GROUP BY "serial" HAVING COUNT(*) > 1) AS "assay_keys";

-- s7: badges.colour.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m8"
FROM (SELECT "colour" <= LAG("colour") OVER () AS "assay_step" FROM "public"."badges" WHERE "colour" IS NOT NULL) AS "assay_keys";

-- s8: badges.colour.unique
-- only where m8 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m9"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."badges" WHERE "colour" IS NOT NULL GROUP BY "colour" HAVING COUNT(*) > 1) AS "assay_keys";

-- s9: badges.spare.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m10"
FROM (SELECT "spare" <= LAG("spare") OVER () AS "assay_step" FROM "public"."badges" WHERE "spare" IS NOT NULL) AS "assay_keys";

-- s10: badges.spare.unique
-- only where m10 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m11"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."badges" WHERE "spare" IS NOT NULL GROUP BY "spare" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of badges.id.required
SELECT
  "id" AS "id"
FROM "public"."badges"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of badges.id.unique
SELECT
  "id" AS "id"
FROM "public"."badges"
WHERE "id" IN (SELECT "id" FROM "public"."badges" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of badges.serial.unique
SELECT
  "id" AS "id",
  "serial" AS "serial"
FROM "public"."badges"
WHERE "serial" IN (SELECT "serial" FROM "public"."badges" WHERE "serial" IS NOT NULL GROUP BY "serial" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of badges.colour.unique
SELECT
  "id" AS "id",
  "colour" AS "colour"
FROM "public"."badges"
WHERE "colour" IN (SELECT "colour" FROM "public"."badges" WHERE "colour" IS NOT NULL GROUP BY "colour" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of badges.spare.unique
SELECT
  "id" AS "id",
  "spare" AS "spare"
FROM "public"."badges"
WHERE "spare" IN (SELECT "spare" FROM "public"."badges" WHERE "spare" IS NOT NULL GROUP BY "spare" HAVING COUNT(*) > 1)
LIMIT 100;
