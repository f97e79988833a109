-- demo.parts 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: parts.book+code.unique, parts.book+code+print.unique
SELECT
  COUNT(*) AS "m2"
FROM "public"."parts";

-- s2: parts.book+code.unique
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m1"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."parts" WHERE "book" IS NOT NULL AND "code" IS NOT NULL GROUP BY "book" COLLATE "C", "code" COLLATE "C" HAVING COUNT(*) > 1) AS "assay_keys";

-- s3: parts.book+code+print.unique
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m3"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."parts" WHERE "book" IS NOT NULL AND "code" IS NOT NULL AND "print" IS NOT NULL GROUP BY "book" COLLATE "C", "code" COLLATE "C", "print" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of parts.book+code.unique
SELECT
  "book" AS "book",
  "code" AS "code"
FROM "public"."parts"
WHERE ("book", "code") IN (SELECT "book" COLLATE "C", "code" COLLATE "C" FROM "public"."parts" WHERE "book" IS NOT NULL AND "code" IS NOT NULL GROUP BY "book" COLLATE "C", "code" COLLATE "C" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of parts.book+code+print.unique
SELECT
  "book" AS "book",
  "code" AS "code",
  "print" AS "print"
FROM "public"."parts"
WHERE ("book", "code", "print") IN (SELECT "book" COLLATE "C", "code" COLLATE "C", "print" FROM "public"."parts" WHERE "book" IS NOT NULL AND "code" IS NOT NULL AND "print" IS NOT NULL GROUP BY "book" COLLATE "C", "code" COLLATE "C", "print" HAVING COUNT(*) > 1)
LIMIT 100;
