-- demo.pairs 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: pairs.a+b.correlation, pairs.a+c.correlation, pairs.a+flat.correlation, pairs.a+rare.correlation, pairs.b+c.correlation, pairs.related
SELECT
  CORR(CAST("a" AS DOUBLE PRECISION), "b") AS "m1",
  CORR(CAST("a" AS DOUBLE PRECISION), CAST("c" AS DOUBLE PRECISION)) AS "m2",
  CORR(CAST("a" AS DOUBLE PRECISION), CAST("flat" AS DOUBLE PRECISION)) AS "m3",
  CORR(CAST("a" AS DOUBLE PRECISION), CAST("rare" AS DOUBLE PRECISION)) AS "m4",
  CORR("b", CAST("c" AS DOUBLE PRECISION)) AS "m5",
  CORR(CASE WHEN "kind" = 'x' THEN CAST("a" AS DOUBLE PRECISION) END, "b") AS "m6"
FROM "public"."pairs";
