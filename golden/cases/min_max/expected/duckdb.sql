-- demo.extremes 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: extremes.id.min, extremes.id.max, extremes.amount.min, extremes.ratio.max, extremes.name.min, extremes.name.max, extremes.code.max, extremes.day.max, extremes.at.min, extremes.seen.max, extremes.clock.max, extremes.spread
SELECT
  MIN("id") AS "m1",
  MAX("id") AS "m2",
  MIN("amount") AS "m3",
  MAX("ratio") AS "m4",
  MIN("name") AS "m5",
  MAX("name") AS "m6",
  MAX(RTRIM("code", ' ')) AS "m7",
  MAX("day") AS "m8",
  MIN("at") AS "m9",
  MAX("seen") AS "m10",
  MAX("clock") AS "m11"
FROM "public"."extremes";
