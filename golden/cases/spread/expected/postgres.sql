-- demo.samples 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: samples.x.variance, samples.x.stddev, samples.y.stddev, samples.z.variance, samples.one.stddev, samples.none.variance, samples.narrow
SELECT
  VAR_SAMP(CAST("x" AS DOUBLE PRECISION)) AS "m1",
  STDDEV_SAMP(CAST("x" AS DOUBLE PRECISION)) AS "m2",
  STDDEV_SAMP("y") AS "m3",
  VAR_SAMP(CAST("z" AS DOUBLE PRECISION)) AS "m4",
  STDDEV_SAMP(CAST("one" AS DOUBLE PRECISION)) AS "m5",
  VAR_SAMP(CAST("none" AS DOUBLE PRECISION)) AS "m6",
  STDDEV_SAMP(CAST("x" AS DOUBLE PRECISION)) FILTER (WHERE "x" > 2) AS "m7"
FROM "public"."samples";
