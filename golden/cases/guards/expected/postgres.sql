-- demo.mixed 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: mixed.is_positive, mixed.is_late, mixed.share, mixed.value.sum, mixed.value.count, mixed.pieces.avg, mixed.value.max, mixed.pieces.stddev, mixed.pieces.correlation, mixed.pieces.duplicates
SELECT
  COUNT(*) FILTER (WHERE CASE WHEN "kind" = 'number' THEN CASE WHEN "value" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CAST("value" AS INTEGER) ELSE CAST('unfit ' || "value" AS INTEGER) END <= 0 END) AS "m1",
  COUNT(*) FILTER (WHERE "kind" = 'number') AS "m2",
  COUNT(*) FILTER (WHERE CASE WHEN "kind" = 'date' THEN CASE WHEN "value" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN CAST("value" AS DATE) ELSE CAST('unfit ' || "value" AS DATE) END < CAST('2024-01-01' AS DATE) END) AS "m3",
  COUNT(*) FILTER (WHERE "kind" = 'date') AS "m4",
  COUNT(*) FILTER (WHERE CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) < 10 END) AS "m5",
  COUNT(*) FILTER (WHERE "pieces" > 0) AS "m6",
  SUM(CASE WHEN "kind" = 'number' THEN CASE WHEN "value" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CAST("value" AS INTEGER) ELSE CAST('unfit ' || "value" AS INTEGER) END END) AS "m7",
  COUNT(*) FILTER (WHERE CASE WHEN "kind" = 'number' THEN CASE WHEN "value" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CAST("value" AS INTEGER) ELSE CAST('unfit ' || "value" AS INTEGER) END > 5 END) AS "m8",
  SUM(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) AS "m9",
  COUNT(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) AS "m10",
  MAX(CASE WHEN "kind" = 'date' THEN CASE WHEN "value" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN CAST("value" AS DATE) ELSE CAST('unfit ' || "value" AS DATE) END END) AS "m11",
  STDDEV_SAMP(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) * CASE WHEN MIN(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) < MAX(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) THEN 1 ELSE 0 END AS "m13",
  CASE WHEN MIN(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) FILTER (WHERE CASE WHEN "pieces" > 0 THEN "pieces" END IS NOT NULL) < MAX(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) FILTER (WHERE CASE WHEN "pieces" > 0 THEN "pieces" END IS NOT NULL) AND MIN(CASE WHEN "pieces" > 0 THEN "pieces" END) FILTER (WHERE CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END IS NOT NULL) < MAX(CASE WHEN "pieces" > 0 THEN "pieces" END) FILTER (WHERE CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END IS NOT NULL) THEN CORR(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END, CAST(CASE WHEN "pieces" > 0 THEN "pieces" END AS DOUBLE PRECISION)) END AS "m14",
  COUNT(CASE WHEN "pieces" > 0 THEN 100 % "pieces" END) AS "m16"
FROM "public"."mixed";

-- s2: mixed.pieces.median, mixed.value.distinct, mixed.pieces.duplicates
SELECT
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) AS "m12",
  COUNT(DISTINCT CASE WHEN "kind" = 'number' THEN CASE WHEN "value" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CAST("value" AS INTEGER) ELSE CAST('unfit ' || "value" AS INTEGER) END END) AS "m15",
  COUNT(DISTINCT CASE WHEN "pieces" > 0 THEN 100 % "pieces" END) AS "m17"
FROM "public"."mixed";

-- s3: mixed.pieces.duplicates
-- only where (m16 - m17) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m18"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."mixed" WHERE "pieces" > 0 AND CASE WHEN "pieces" > 0 THEN 100 % "pieces" END IS NOT NULL GROUP BY CASE WHEN "pieces" > 0 THEN 100 % "pieces" END HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: mixed.per_kind
SELECT
  "kind" AS "g1",
  SUM(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) AS "m19",
  COUNT(CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) END) AS "m20"
FROM "public"."mixed"
GROUP BY "kind";

-- failed rows of mixed.is_positive
SELECT
  "value" AS "value",
  "kind" AS "kind"
FROM "public"."mixed"
WHERE CASE WHEN "kind" = 'number' THEN CASE WHEN "value" ~ '^ *[+-]?[0-9]{1,60} *$' THEN CAST("value" AS INTEGER) ELSE CAST('unfit ' || "value" AS INTEGER) END <= 0 END
LIMIT 100;

-- failed rows of mixed.is_late
SELECT
  "value" AS "value",
  "kind" AS "kind"
FROM "public"."mixed"
WHERE CASE WHEN "kind" = 'date' THEN CASE WHEN "value" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN CAST("value" AS DATE) ELSE CAST('unfit ' || "value" AS DATE) END < CAST('2024-01-01' AS DATE) END
LIMIT 100;

-- failed rows of mixed.share
SELECT
  "pieces" AS "pieces"
FROM "public"."mixed"
WHERE CASE WHEN "pieces" > 0 THEN CAST(100 AS DOUBLE PRECISION) / CAST("pieces" AS DOUBLE PRECISION) < 10 END
LIMIT 100;
