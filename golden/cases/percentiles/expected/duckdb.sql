-- demo.latencies 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: latencies.ms.median, latencies.ms.percentile, latencies.least_ms, latencies.greatest_ms, latencies.quarter, latencies.cost.median, latencies.weight.percentile, latencies.day.median, latencies.later_day, latencies.host.median, latencies.at.percentile, latencies.slow
SELECT
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("ms" AS DOUBLE)) AS "m1",
  PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY CAST("ms" AS DOUBLE)) AS "m2",
  PERCENTILE_CONT(0) WITHIN GROUP (ORDER BY CAST("ms" AS DOUBLE)) AS "m3",
  PERCENTILE_CONT(1) WITHIN GROUP (ORDER BY CAST("ms" AS DOUBLE)) AS "m4",
  PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY CAST("ms" AS DOUBLE)) AS "m5",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("cost" AS DOUBLE)) AS "m6",
  PERCENTILE_CONT(0.999) WITHIN GROUP (ORDER BY "weight") AS "m7",
  PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY "day") AS "m8",
  PERCENTILE_DISC(0.51) WITHIN GROUP (ORDER BY "day") AS "m9",
  PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY "host") AS "m10",
  PERCENTILE_DISC(0.75) WITHIN GROUP (ORDER BY "at") AS "m11",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN "host" = 'c' THEN CAST("ms" AS DOUBLE) END) AS "m12"
FROM "public"."latencies";
