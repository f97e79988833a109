-- demo.tickets 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: tickets.id.required, tickets.id.unique, tickets.seat.unique, tickets.gate.unique, tickets.twice.unique, tickets.late_once, tickets.ids
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("seat") AS "m5",
  COUNT("gate") AS "m8",
  COUNT("twice") AS "m11",
  COUNT("late") FILTER (WHERE "gate" > 0) AS "m14",
  COUNT(*) FILTER (WHERE "gate" > 0) AS "m17",
  COUNT("id") FILTER (WHERE "seat" IS NOT NULL) AS "m18",
  COUNT(*) FILTER (WHERE "seat" IS NOT NULL) AS "m21"
FROM "public"."tickets";

-- s2: tickets.id.unique, tickets.seat.unique, tickets.gate.unique, tickets.twice.unique, tickets.late_once, tickets.ids
SELECT
  COUNT(DISTINCT "id") AS "m3",
  COUNT(DISTINCT "seat") AS "m6",
  COUNT(DISTINCT "gate") AS "m9",
  COUNT(DISTINCT "twice") AS "m12",
  COUNT(DISTINCT "late") FILTER (WHERE "gate" > 0) AS "m15",
  COUNT(DISTINCT "id") FILTER (WHERE "seat" IS NOT NULL) AS "m19"
FROM "public"."tickets";

-- s3: tickets.id.unique
-- only where (m2 - m3) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m4"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "id" IS NOT NULL GROUP BY "id" HAVING COUNT(*) > 1) AS "assay_keys";

-- s4: tickets.seat.unique
-- only where (m5 - m6) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m7"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "seat" IS NOT NULL GROUP BY "seat" HAVING COUNT(*) > 1) AS "assay_keys";

-- s5: tickets.gate.unique
-- only where (m8 - m9) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m10"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "gate" IS NOT NULL GROUP BY "gate" HAVING COUNT(*) > 1) AS "assay_keys";

-- s6: tickets.twice.unique
-- only where (m11 - m12) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m13"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "twice" IS NOT NULL GROUP BY "twice" HAVING COUNT(*) > 1) AS "assay_keys";

-- s7: tickets.late_once
-- only where (m14 - m15) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m16"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."tickets" WHERE "gate" > 0 AND "late" IS NOT NULL GROUP BY "late" HAVING COUNT(*) > 1) AS "assay_keys";

-- s8: tickets.ids
-- only where (m18 - m19) is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m20"
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
