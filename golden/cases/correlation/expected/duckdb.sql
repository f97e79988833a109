-- demo.pairs 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: pairs.a+b.correlation, pairs.a+c.correlation, pairs.a+flat.correlation, pairs.a+rare.correlation, pairs.b+c.correlation, pairs.related
SELECT
  NULLIF(CORR(CAST("a" AS DOUBLE), "b"), CAST('NaN' AS DOUBLE)) AS "m1",
  NULLIF(CORR(CAST("a" AS DOUBLE), CAST("c" AS DOUBLE)), CAST('NaN' AS DOUBLE)) AS "m2",
  NULLIF(CORR(CAST("a" AS DOUBLE), CAST("flat" AS DOUBLE)), CAST('NaN' AS DOUBLE)) AS "m3",
  NULLIF(CORR(CAST("a" AS DOUBLE), CAST("rare" AS DOUBLE)), CAST('NaN' AS DOUBLE)) AS "m4",
  NULLIF(CORR("b", CAST("c" AS DOUBLE)), CAST('NaN' AS DOUBLE)) AS "m5",
  NULLIF(CORR(CASE WHEN "kind" = 'x' THEN CAST("a" AS DOUBLE) END, "b"), CAST('NaN' AS DOUBLE)) AS "m6"
FROM "public"."pairs";
