-- demo.balances 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date), 3 step (decimal)

-- s1: balances.fits, balances.does_not_fit, balances.one_too_many, balances.half, balances.no_place_for_a_half, balances.kept, balances.as_written, balances.steps, balances.fine.sum
SELECT
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("fine" * "fine" AS NUMERIC(38, 20)) <= 0 END) AS "m1",
  COUNT(*) FILTER (WHERE "id" = 1) AS "m2",
  COUNT(*) FILTER (WHERE CASE WHEN "id" > 1 THEN CAST("fine" * "fine" AS NUMERIC(38, 20)) <= 0 END) AS "m3",
  COUNT(*) FILTER (WHERE "id" > 1) AS "m4",
  COUNT(*) FILTER (WHERE CAST("whole" + 1 AS NUMERIC(38, 0)) <= "whole") AS "m5",
  COUNT(*) AS "m6",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("whole" AS NUMERIC(38, 1)) <= 0.5 END) AS "m7",
  COUNT(*) FILTER (WHERE CAST("whole" AS NUMERIC(38, 1)) <= 0.5) AS "m8",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST(COALESCE("fine", CAST("whole" AS NUMERIC(38, 10))) * 10 AS NUMERIC(38, 10)) = CAST(FLOOR("fine") * 10 AS NUMERIC(38, 10)) END) AS "m9",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST(CAST(COALESCE("fine", "id") AS NUMERIC(38, 10)) AS TEXT) <> '2.5000000000' END) AS "m10",
  COUNT(*) FILTER (WHERE "fine" < CAST($3 AS NUMERIC(12, 8))) AS "m11",
  CAST(SUM(CASE WHEN "id" = 1 THEN CAST("fine" * 4 AS NUMERIC(38, 10)) END) AS NUMERIC(38, 10)) AS "m12"
FROM "public"."balances";

-- failed rows of balances.fits
SELECT
  "fine" AS "fine",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" = 1 THEN CAST("fine" * "fine" AS NUMERIC(38, 20)) <= 0 END
LIMIT 100;

-- failed rows of balances.does_not_fit
SELECT
  "fine" AS "fine",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" > 1 THEN CAST("fine" * "fine" AS NUMERIC(38, 20)) <= 0 END
LIMIT 100;

-- failed rows of balances.one_too_many
SELECT
  "whole" AS "whole"
FROM "public"."balances"
WHERE CAST("whole" + 1 AS NUMERIC(38, 0)) <= "whole"
LIMIT 100;

-- failed rows of balances.half
SELECT
  "whole" AS "whole",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" = 1 THEN CAST("whole" AS NUMERIC(38, 1)) <= 0.5 END
LIMIT 100;

-- failed rows of balances.no_place_for_a_half
SELECT
  "whole" AS "whole"
FROM "public"."balances"
WHERE CAST("whole" AS NUMERIC(38, 1)) <= 0.5
LIMIT 100;

-- failed rows of balances.kept
SELECT
  "fine" AS "fine",
  "whole" AS "whole",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" = 1 THEN CAST(COALESCE("fine", CAST("whole" AS NUMERIC(38, 10))) * 10 AS NUMERIC(38, 10)) = CAST(FLOOR("fine") * 10 AS NUMERIC(38, 10)) END
LIMIT 100;

-- failed rows of balances.as_written
SELECT
  "fine" AS "fine",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" = 1 THEN CAST(CAST(COALESCE("fine", "id") AS NUMERIC(38, 10)) AS TEXT) <> '2.5000000000' END
LIMIT 100;

-- failed rows of balances.steps
SELECT
  "fine" AS "fine"
FROM "public"."balances"
WHERE "fine" < CAST($3 AS NUMERIC(12, 8))
LIMIT 100;
