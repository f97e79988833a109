-- demo.pairs 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: pairs.a+b.correlation, pairs.a+c.correlation, pairs.a+flat.correlation, pairs.a+stuck.correlation, pairs.a+rare.correlation, pairs.b+c.correlation, pairs.related
SELECT
  CASE WHEN MIN("a") FILTER (WHERE "b" IS NOT NULL) < MAX("a") FILTER (WHERE "b" IS NOT NULL) AND MIN("b") FILTER (WHERE "a" IS NOT NULL) < MAX("b") FILTER (WHERE "a" IS NOT NULL) THEN CORR(CAST("a" AS DOUBLE), "b") END AS "m1",
  CASE WHEN MIN("a") FILTER (WHERE "c" IS NOT NULL) < MAX("a") FILTER (WHERE "c" IS NOT NULL) AND MIN("c") FILTER (WHERE "a" IS NOT NULL) < MAX("c") FILTER (WHERE "a" IS NOT NULL) THEN CORR(CAST("a" AS DOUBLE), CAST("c" AS DOUBLE)) END AS "m2",
  CASE WHEN MIN("a") FILTER (WHERE "flat" IS NOT NULL) < MAX("a") FILTER (WHERE "flat" IS NOT NULL) AND MIN("flat") FILTER (WHERE "a" IS NOT NULL) < MAX("flat") FILTER (WHERE "a" IS NOT NULL) THEN CORR(CAST("a" AS DOUBLE), CAST("flat" AS DOUBLE)) END AS "m3",
  CASE WHEN MIN("a") FILTER (WHERE "stuck" IS NOT NULL) < MAX("a") FILTER (WHERE "stuck" IS NOT NULL) AND MIN("stuck") FILTER (WHERE "a" IS NOT NULL) < MAX("stuck") FILTER (WHERE "a" IS NOT NULL) THEN CORR(CAST("a" AS DOUBLE), "stuck") END AS "m4",
  CASE WHEN MIN("a") FILTER (WHERE "rare" IS NOT NULL) < MAX("a") FILTER (WHERE "rare" IS NOT NULL) AND MIN("rare") FILTER (WHERE "a" IS NOT NULL) < MAX("rare") FILTER (WHERE "a" IS NOT NULL) THEN CORR(CAST("a" AS DOUBLE), CAST("rare" AS DOUBLE)) END AS "m5",
  CASE WHEN MIN("b") FILTER (WHERE "c" IS NOT NULL) < MAX("b") FILTER (WHERE "c" IS NOT NULL) AND MIN("c") FILTER (WHERE "b" IS NOT NULL) < MAX("c") FILTER (WHERE "b" IS NOT NULL) THEN CORR("b", CAST("c" AS DOUBLE)) END AS "m6",
  CASE WHEN MIN("a") FILTER (WHERE "kind" = 'x' AND "b" IS NOT NULL) < MAX("a") FILTER (WHERE "kind" = 'x' AND "b" IS NOT NULL) AND MIN("b") FILTER (WHERE "kind" = 'x' AND "a" IS NOT NULL) < MAX("b") FILTER (WHERE "kind" = 'x' AND "a" IS NOT NULL) THEN CORR(CASE WHEN "kind" = 'x' THEN CAST("a" AS DOUBLE) END, "b") END AS "m7"
FROM "public"."pairs";
