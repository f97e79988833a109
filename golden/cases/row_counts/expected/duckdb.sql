-- demo.visits 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: visits.rows, visits.more, visits.not_five, visits.some_paid, visits.none_huge
SELECT
  COUNT(*) AS "m1",
  COALESCE(COUNT_IF("tickets" > 0), 0) AS "m2",
  COALESCE(COUNT_IF("tickets" > 1), 0) AS "m3",
  COALESCE(COUNT_IF("tickets" > 1000), 0) AS "m4"
FROM "public"."visits"
WHERE "day" >= CAST('2024-01-01' AS DATE);
