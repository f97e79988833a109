-- demo.reviews 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: reviews.comment.avg, reviews.praised, reviews.price+pieces.sum, reviews.price+pieces.max, reviews.day.distinct, reviews.trimmed, reviews.no_stars, reviews.slow_answers, reviews.least_comment
SELECT
  SUM(LENGTH(CASE WHEN "comment" NOT IN ('') THEN "comment" END)) AS "m1",
  COUNT(LENGTH(CASE WHEN "comment" NOT IN ('') THEN "comment" END)) AS "m2",
  SUM(CASE WHEN "stars" >= 4 THEN 1 ELSE 0 END) AS "m3",
  CAST(SUM("price" * "pieces") AS DECIMAL(38, 2)) AS "m4",
  MAX("price" * "pieces") AS "m5",
  COUNT(DISTINCT CAST(EXTRACT(YEAR FROM "day") AS INTEGER)) AS "m6",
  MAX(LENGTH(TRIM(CASE WHEN "comment" NOT IN ('') THEN "comment" END, ' '))) AS "m7",
  COALESCE(COUNT_IF(NULLIF("stars", 0) IS NULL), 0) AS "m8",
  COALESCE(COUNT_IF(EPOCH_US("read") - EPOCH_US("sent") > 3600000000), 0) AS "m9",
  MIN(COALESCE(CASE WHEN "comment" NOT IN ('') THEN "comment" END, 'none')) AS "m10"
FROM "public"."reviews";
