-- demo.tickets 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: tickets.id.required, tickets.status.in, tickets.priority.in, tickets.size.in, tickets.due.in, tickets.source.not_in, tickets.queue.not_in
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("status" NOT IN ('open', 'closed', 'on hold')), 0) AS "m3",
  COALESCE(COUNT_IF("priority" NOT IN (1, 2, 3)), 0) AS "m4",
  COALESCE(COUNT_IF("size" NOT IN (0.5, 1, 1.5)), 0) AS "m5",
  COALESCE(COUNT_IF("due" NOT IN (CAST('2024-01-31' AS DATE), CAST('2024-02-29' AS DATE))), 0) AS "m6",
  COALESCE(COUNT_IF("source" IN ('test', 'demo')), 0) AS "m7",
  COALESCE(COUNT_IF("queue" IN (0, -1)), 0) AS "m8"
FROM "public"."tickets";

-- failed rows of tickets.id.required
SELECT
  "id" AS "id"
FROM "public"."tickets"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of tickets.status.in
SELECT
  "status" AS "status"
FROM "public"."tickets"
WHERE "status" NOT IN ('open', 'closed', 'on hold')
LIMIT 100;

-- failed rows of tickets.priority.in
SELECT
  "priority" AS "priority"
FROM "public"."tickets"
WHERE "priority" NOT IN (1, 2, 3)
LIMIT 100;

-- failed rows of tickets.size.in
SELECT
  "size" AS "size"
FROM "public"."tickets"
WHERE "size" NOT IN (0.5, 1, 1.5)
LIMIT 100;

-- failed rows of tickets.due.in
SELECT
  "due" AS "due"
FROM "public"."tickets"
WHERE "due" NOT IN (CAST('2024-01-31' AS DATE), CAST('2024-02-29' AS DATE))
LIMIT 100;

-- failed rows of tickets.source.not_in
SELECT
  "source" AS "source"
FROM "public"."tickets"
WHERE "source" IN ('test', 'demo')
LIMIT 100;

-- failed rows of tickets.queue.not_in
SELECT
  "queue" AS "queue"
FROM "public"."tickets"
WHERE "queue" IN (0, -1)
LIMIT 100;
