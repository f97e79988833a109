-- demo.calls 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: calls.id.required, calls.customer_id.references, calls.agent.references
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(CASE WHEN "customer_id" NOT IN (0) THEN "customer_id" END) FILTER (WHERE "kind" = 'in') AS "m4",
  COALESCE(COUNT_IF("kind" = 'in'), 0) AS "m5"
FROM "public"."calls";

-- s2: calls.customer_id.references
SELECT
  COUNT(*) AS "m3"
FROM "public"."calls" AS "assay_dataset" JOIN (SELECT "id" FROM "public"."customers" GROUP BY "id") AS "assay_target" ON "assay_target"."id" = CASE WHEN "assay_dataset"."customer_id" NOT IN (0) THEN "assay_dataset"."customer_id" END
WHERE "assay_dataset"."kind" = 'in';

-- s3: calls.agent.references
SELECT
  COUNT(*) AS "m6"
FROM "public"."calls" AS "assay_dataset"
WHERE CASE WHEN NOT REGEXP_MATCHES("assay_dataset"."agent", '^\?*$') THEN "assay_dataset"."agent" END IS NOT NULL
  AND CASE WHEN NOT REGEXP_MATCHES("assay_dataset"."agent", '^\?*$') THEN "assay_dataset"."agent" END NOT IN (SELECT "assay_target"."name" FROM "public"."agents" AS "assay_target" WHERE "assay_target"."name" IS NOT NULL);

-- failed rows of calls.id.required
SELECT
  "id" AS "id"
FROM "public"."calls"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of calls.customer_id.references
SELECT
  "assay_dataset"."customer_id" AS "customer_id"
FROM "public"."calls" AS "assay_dataset"
WHERE "assay_dataset"."kind" = 'in'
  AND CASE WHEN "assay_dataset"."customer_id" NOT IN (0) THEN "assay_dataset"."customer_id" END IS NOT NULL
  AND CASE WHEN "assay_dataset"."customer_id" NOT IN (0) THEN "assay_dataset"."customer_id" END NOT IN (SELECT "assay_target"."id" FROM "public"."customers" AS "assay_target" WHERE "assay_target"."id" IS NOT NULL)
LIMIT 100;

-- failed rows of calls.agent.references
SELECT
  "assay_dataset"."agent" AS "agent"
FROM "public"."calls" AS "assay_dataset"
WHERE CASE WHEN NOT REGEXP_MATCHES("assay_dataset"."agent", '^\?*$') THEN "assay_dataset"."agent" END IS NOT NULL
  AND CASE WHEN NOT REGEXP_MATCHES("assay_dataset"."agent", '^\?*$') THEN "assay_dataset"."agent" END NOT IN (SELECT "assay_target"."name" FROM "public"."agents" AS "assay_target" WHERE "assay_target"."name" IS NOT NULL)
LIMIT 100;
