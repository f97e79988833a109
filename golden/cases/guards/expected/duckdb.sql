-- demo.mixed 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: mixed.is_positive, mixed.is_late, mixed.share, mixed.value.sum, mixed.value.count, mixed.pieces.avg, mixed.value.max, mixed.pieces.median, mixed.pieces.stddev, mixed.pieces.correlation, mixed.value.distinct, mixed.pieces.duplicates
SELECT
  COALESCE(COUNT_IF(CASE WHEN "kind" = 'number' THEN CASE WHEN NOT REGEXP_MATCHES("value", '^ *[+-]?[0-9]{1,60} *$') THEN ERROR('not a int') ELSE CAST("value" AS INTEGER) END <= 0 END), 0) AS "m1",
  COALESCE(COUNT_IF("kind" = 'number'), 0) AS "m2",
  COALESCE(COUNT_IF(CASE WHEN "kind" = 'date' THEN CASE WHEN NOT REGEXP_MATCHES("value", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') THEN ERROR('not a date') ELSE CAST("value" AS DATE) END < CAST('2024-01-01' AS DATE) END), 0) AS "m3",
  COALESCE(COUNT_IF("kind" = 'date'), 0) AS "m4",
  COALESCE(COUNT_IF(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END < 10 END), 0) AS "m5",
  COALESCE(COUNT_IF("pieces" > 0), 0) AS "m6",
  SUM(CASE WHEN "kind" = 'number' THEN CASE WHEN NOT REGEXP_MATCHES("value", '^ *[+-]?[0-9]{1,60} *$') THEN ERROR('not a int') ELSE CAST("value" AS INTEGER) END END) AS "m7",
  COALESCE(COUNT_IF(CASE WHEN "kind" = 'number' THEN CASE WHEN NOT REGEXP_MATCHES("value", '^ *[+-]?[0-9]{1,60} *$') THEN ERROR('not a int') ELSE CAST("value" AS INTEGER) END > 5 END), 0) AS "m8",
  SUM(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) AS "m9",
  COUNT(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) AS "m10",
  MAX(CASE WHEN "kind" = 'date' THEN CASE WHEN NOT REGEXP_MATCHES("value", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') THEN ERROR('not a date') ELSE CAST("value" AS DATE) END END) AS "m11",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) AS "m12",
  STDDEV_SAMP(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) * CASE WHEN MIN(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) < MAX(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) THEN 1 ELSE 0 END AS "m13",
  CASE WHEN MIN(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) FILTER (WHERE CASE WHEN "pieces" > 0 THEN "pieces" END IS NOT NULL) < MAX(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) FILTER (WHERE CASE WHEN "pieces" > 0 THEN "pieces" END IS NOT NULL) AND MIN(CASE WHEN "pieces" > 0 THEN "pieces" END) FILTER (WHERE CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END IS NOT NULL) < MAX(CASE WHEN "pieces" > 0 THEN "pieces" END) FILTER (WHERE CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END IS NOT NULL) THEN CORR(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END, CAST(CASE WHEN "pieces" > 0 THEN "pieces" END AS DOUBLE)) END AS "m14",
  COUNT(DISTINCT CASE WHEN "kind" = 'number' THEN CASE WHEN NOT REGEXP_MATCHES("value", '^ *[+-]?[0-9]{1,60} *$') THEN ERROR('not a int') ELSE CAST("value" AS INTEGER) END END) AS "m15",
  COUNT(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END) AS "m18"
FROM "public"."mixed";

-- s2: mixed.pieces.duplicates
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m16"
FROM (SELECT CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END <= LAG(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END) OVER () AS "assay_step" FROM "public"."mixed" WHERE "pieces" > 0 AND CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END IS NOT NULL) AS "assay_keys";

-- s3: mixed.pieces.duplicates
-- only where m16 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m17"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."mixed" WHERE "pieces" > 0 AND CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END IS NOT NULL GROUP BY CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END >> 6) AS "assay_keys";

-- s4: mixed.pieces.duplicates
-- only where (m16 * (m18 - m17)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m19"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."mixed" WHERE "pieces" > 0 AND CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END IS NOT NULL GROUP BY CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE 100 % "pieces" END END HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: mixed.per_kind
SELECT
  "kind" AS "g1",
  SUM(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) AS "m20",
  COUNT(CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END END) AS "m21"
FROM "public"."mixed"
GROUP BY "kind";

-- failed rows of mixed.is_positive
SELECT
  "value" AS "value",
  "kind" AS "kind"
FROM "public"."mixed"
WHERE CASE WHEN "kind" = 'number' THEN CASE WHEN NOT REGEXP_MATCHES("value", '^ *[+-]?[0-9]{1,60} *$') THEN ERROR('not a int') ELSE CAST("value" AS INTEGER) END <= 0 END
LIMIT 100;

-- failed rows of mixed.is_late
SELECT
  "value" AS "value",
  "kind" AS "kind"
FROM "public"."mixed"
WHERE CASE WHEN "kind" = 'date' THEN CASE WHEN NOT REGEXP_MATCHES("value", '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') THEN ERROR('not a date') ELSE CAST("value" AS DATE) END < CAST('2024-01-01' AS DATE) END
LIMIT 100;

-- failed rows of mixed.share
SELECT
  "pieces" AS "pieces"
FROM "public"."mixed"
WHERE CASE WHEN "pieces" > 0 THEN CASE WHEN "pieces" = 0 THEN ERROR('division by zero') ELSE CAST(100 AS DOUBLE) / CAST("pieces" AS DOUBLE) END < 10 END
LIMIT 100;
