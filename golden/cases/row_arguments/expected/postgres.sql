-- demo.reviews 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: reviews.comment.avg, reviews.praised, reviews.price+pieces.sum, reviews.price+pieces.max, reviews.trimmed, reviews.no_stars, reviews.slow_answers, reviews.least_comment
SELECT
  SUM(LENGTH(CASE WHEN "comment" NOT IN ('') THEN "comment" END)) AS "m1",
  COUNT(LENGTH(CASE WHEN "comment" NOT IN ('') THEN "comment" END)) AS "m2",
  SUM(CASE WHEN "stars" >= 4 THEN 1 ELSE 0 END) AS "m3",
  CAST(SUM("price" * "pieces") AS NUMERIC(38, 2)) AS "m4",
  MAX("price" * "pieces") AS "m5",
  MAX(LENGTH(BTRIM(CASE WHEN "comment" NOT IN ('') THEN "comment" END, ' '))) AS "m7",
  COUNT(*) FILTER (WHERE NULLIF("stars", 0) IS NULL) AS "m8",
  COUNT(*) FILTER (WHERE CAST(EXTRACT(EPOCH FROM "read" - "sent") * 1000000 AS BIGINT) > 3600000000) AS "m9",
  MIN(COALESCE(CASE WHEN "comment" NOT IN ('') THEN "comment" END, 'none') COLLATE "C") AS "m10"
FROM "public"."reviews";

-- s2: reviews.day.distinct
SELECT
  COUNT(DISTINCT CAST(EXTRACT(YEAR FROM "day") AS INTEGER)) AS "m6"
FROM "public"."reviews";
