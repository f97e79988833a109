-- demo.tickets 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: tickets.id.required, tickets.id.unique, tickets.seat.unique, tickets.gate.unique, tickets.twice.unique, tickets.late_once, tickets.ids
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("seat") AS "m8",
  COUNT("gate") AS "m12",
  COUNT("twice") AS "m16",
  COUNT("late") FILTER (WHERE "gate" > 0) AS "m20",
  COALESCE(COUNT_IF("gate" > 0), 0) AS "m22",
  COUNT("id") FILTER (WHERE "seat" IS NOT NULL) AS "m25",
  COALESCE(COUNT_IF("seat" IS NOT NULL), 0) AS "m27"
FROM "public"."tickets";

-- s2: tickets.id.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m3"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."tickets" WHERE "id" IS NOT NULL) AS "assay_keys";

-- s3: tickets.id.unique
-- only where m3 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m4"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."tickets" WHERE "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s4: tickets.id.unique
-- only where (m3 * (m2 - m4)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: tickets.seat.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m6"
FROM (SELECT "seat" <= LAG("seat") OVER () AS "assay_step" FROM "public"."tickets" WHERE "seat" IS NOT NULL) AS "assay_keys";

-- s6: tickets.seat.unique
-- only where m6 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m7"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("seat" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."tickets" WHERE "seat" IS NOT NULL GROUP BY "seat" >> 6) AS "assay_keys";

-- s7: tickets.seat.unique
-- only where (m6 * (m8 - m7)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m9"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "seat" IS NOT NULL GROUP BY "seat" HAVING COUNT(*) > 1) AS "assay_keys";

-- s8: tickets.gate.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m10"
FROM (SELECT "gate" <= LAG("gate") OVER () AS "assay_step" FROM "public"."tickets" WHERE "gate" IS NOT NULL) AS "assay_keys";

-- s9: tickets.gate.unique
-- only where m10 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m11"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("gate" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."tickets" WHERE "gate" IS NOT NULL GROUP BY "gate" >> 6) AS "assay_keys";

-- s10: tickets.gate.unique
-- only where (m10 * (m12 - m11)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m13"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "gate" IS NOT NULL GROUP BY "gate" HAVING COUNT(*) > 1) AS "assay_keys";

-- s11: tickets.twice.unique
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m14"
FROM (SELECT "twice" <= LAG("twice") OVER () AS "assay_step" FROM "public"."tickets" WHERE "twice" IS NOT NULL) AS "assay_keys";

-- s12: tickets.twice.unique
-- only where m14 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m15"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("twice" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."tickets" WHERE "twice" IS NOT NULL GROUP BY "twice" >> 6) AS "assay_keys";

-- s13: tickets.twice.unique
-- only where (m14 * (m16 - m15)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m17"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "twice" IS NOT NULL GROUP BY "twice" HAVING COUNT(*) > 1) AS "assay_keys";

-- s14: tickets.late_once
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m18"
FROM (SELECT "late" <= LAG("late") OVER () AS "assay_step" FROM "public"."tickets" WHERE "gate" > 0 AND "late" IS NOT NULL) AS "assay_keys";

-- s15: tickets.late_once
-- only where m18 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m19"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("late" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."tickets" WHERE "gate" > 0 AND "late" IS NOT NULL GROUP BY "late" >> 6) AS "assay_keys";

-- s16: tickets.late_once
-- only where (m18 * (m20 - m19)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m21"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "gate" > 0 AND "late" IS NOT NULL GROUP BY "late" HAVING COUNT(*) > 1) AS "assay_keys";

-- s17: tickets.ids
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m23"
FROM (SELECT "id" <= LAG("id") OVER () AS "assay_step" FROM "public"."tickets" WHERE "seat" IS NOT NULL AND "id" IS NOT NULL) AS "assay_keys";

-- s18: tickets.ids
-- only where m23 is not 0, else 0
SELECT
  COALESCE(SUM(BIT_COUNT("assay_rows")), 0) AS "m24"
FROM (SELECT BIT_OR(CAST(1 AS UBIGINT) << CAST("id" & 63 AS UBIGINT)) AS "assay_rows" FROM "public"."tickets" WHERE "seat" IS NOT NULL AND "id" IS NOT NULL GROUP BY "id" >> 6) AS "assay_keys";

-- s19: tickets.ids
-- only where (m23 * (m25 - m24)) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m26"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "seat" IS NOT NULL AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of tickets.id.required
SELECT
  "id" AS "id"
FROM "public"."tickets"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of tickets.id.unique
SELECT
  "id" AS "id"
FROM "public"."tickets"
WHERE "id" IN (SELECT "id" FROM "public"."tickets" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of tickets.seat.unique
SELECT
  "id" AS "id",
  "seat" AS "seat"
FROM "public"."tickets"
WHERE "seat" IN (SELECT "seat" FROM "public"."tickets" WHERE "seat" IS NOT NULL GROUP BY "seat" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of tickets.gate.unique
SELECT
  "id" AS "id",
  "gate" AS "gate"
FROM "public"."tickets"
WHERE "gate" IN (SELECT "gate" FROM "public"."tickets" WHERE "gate" IS NOT NULL GROUP BY "gate" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of tickets.twice.unique
SELECT
  "id" AS "id",
  "twice" AS "twice"
FROM "public"."tickets"
WHERE "twice" IN (SELECT "twice" FROM "public"."tickets" WHERE "twice" IS NOT NULL GROUP BY "twice" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of tickets.late_once
SELECT
  "id" AS "id",
  "late" AS "late"
FROM "public"."tickets"
WHERE "gate" > 0
  AND "late" IN (SELECT "late" FROM "public"."tickets" WHERE "gate" > 0 AND "late" IS NOT NULL GROUP BY "late" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of tickets.ids
SELECT
  "id" AS "id"
FROM "public"."tickets"
WHERE "seat" IS NOT NULL
  AND "id" IN (SELECT "id" FROM "public"."tickets" WHERE "seat" IS NOT NULL AND "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1)
LIMIT 100;
