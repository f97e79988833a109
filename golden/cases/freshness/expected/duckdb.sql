-- demo.feeds 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: feeds.seen.freshness, feeds.written.freshness, feeds.day.freshness, feeds.never.freshness, feeds.next_at.freshness, feeds.slow_feed, feeds.between_times
SELECT
  EPOCH_US(MAX("seen")) AS "m1",
  EPOCH_US(MAX("written")) AS "m2",
  EPOCH_US(CAST(MAX("day") AS TIMESTAMP)) AS "m3",
  EPOCH_US(MAX("never")) AS "m4",
  EPOCH_US(MAX("next_at")) AS "m5",
  EPOCH_US(MAX("seen") FILTER (WHERE "kind" = 'slow')) AS "m6"
FROM "public"."feeds";
