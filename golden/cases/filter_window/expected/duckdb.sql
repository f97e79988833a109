-- demo.clicks 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: clicks.id.required, clicks.id.unique, clicks.clicked_at.required, clicks.page.required, clicks.rows, clicks.clicked_at.freshness
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("clicked_at") AS "m6",
  COUNT("page") AS "m7",
  EPOCH_US(MAX("clicked_at")) AS "m8"
FROM "public"."clicks"
WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL);

-- s2: clicks.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."clicks" WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL) AND "id" IS NOT NULL) AS "assay_keys";

-- s3: clicks.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."clicks" WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL) AND "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: clicks.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."clicks" WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL) AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of clicks.id.required
SELECT
  "id" AS "id"
FROM "public"."clicks"
WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL)
  AND "id" IS NULL
LIMIT 100;

-- failed rows of clicks.id.unique
SELECT
  "id" AS "id"
FROM "public"."clicks"
WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL)
  AND "id" IN (SELECT "id" FROM "public"."clicks" WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL) AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of clicks.clicked_at.required
SELECT
  "id" AS "id",
  "clicked_at" AS "clicked_at"
FROM "public"."clicks"
WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL)
  AND "clicked_at" IS NULL
LIMIT 100;

-- failed rows of clicks.page.required
SELECT
  "id" AS "id",
  "page" AS "page"
FROM "public"."clicks"
WHERE "clicked_at" >= CAST($now AS TIMESTAMPTZ) + CAST('-172800000000 microseconds' AS INTERVAL)
  AND "page" IS NULL
LIMIT 100;
