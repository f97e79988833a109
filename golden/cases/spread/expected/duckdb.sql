-- demo.samples 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: samples.x.variance, samples.x.stddev, samples.y.stddev, samples.z.variance, samples.one.stddev, samples.none.variance, samples.stuck.stddev, samples.stuck_moves, samples.narrow
SELECT
  VAR_SAMP(CAST("x" AS DOUBLE)) * CASE WHEN MIN("x") < MAX("x") THEN 1 ELSE 0 END AS "m1",
  STDDEV_SAMP(CAST("x" AS DOUBLE)) * CASE WHEN MIN("x") < MAX("x") THEN 1 ELSE 0 END AS "m2",
  STDDEV_SAMP("y") * CASE WHEN MIN("y") < MAX("y") THEN 1 ELSE 0 END AS "m3",
  VAR_SAMP(CAST("z" AS DOUBLE)) * CASE WHEN MIN("z") < MAX("z") THEN 1 ELSE 0 END AS "m4",
  STDDEV_SAMP(CAST("one" AS DOUBLE)) * CASE WHEN MIN("one") < MAX("one") THEN 1 ELSE 0 END AS "m5",
  VAR_SAMP(CAST("none" AS DOUBLE)) * CASE WHEN MIN("none") < MAX("none") THEN 1 ELSE 0 END AS "m6",
  STDDEV_SAMP("stuck") * CASE WHEN MIN("stuck") < MAX("stuck") THEN 1 ELSE 0 END AS "m7",
  STDDEV_SAMP(CAST("x" AS DOUBLE)) FILTER (WHERE "x" > 2) * CASE WHEN MIN("x") FILTER (WHERE "x" > 2) < MAX("x") FILTER (WHERE "x" > 2) THEN 1 ELSE 0 END AS "m8"
FROM "public"."samples";
