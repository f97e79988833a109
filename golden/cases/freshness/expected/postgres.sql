-- demo.feeds 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: feeds.seen.freshness, feeds.written.freshness, feeds.day.freshness, feeds.never.freshness, feeds.next_at.freshness, feeds.slow_feed, feeds.between_times
SELECT
  CAST(EXTRACT(EPOCH FROM MAX("seen")) * 1000000 AS BIGINT) AS "m1",
  CAST(EXTRACT(EPOCH FROM MAX("written")) * 1000000 AS BIGINT) AS "m2",
  CAST(EXTRACT(EPOCH FROM MAX("day")) * 1000000 AS BIGINT) AS "m3",
  CAST(EXTRACT(EPOCH FROM MAX("never")) * 1000000 AS BIGINT) AS "m4",
  CAST(EXTRACT(EPOCH FROM MAX("next_at")) * 1000000 AS BIGINT) AS "m5",
  CAST(EXTRACT(EPOCH FROM MAX("seen") FILTER (WHERE "kind" = 'slow')) * 1000000 AS BIGINT) AS "m6"
FROM "public"."feeds";
