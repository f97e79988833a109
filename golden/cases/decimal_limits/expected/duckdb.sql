-- demo.balances 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date), 3 step (decimal)

-- s1: balances.fits, balances.does_not_fit, balances.one_too_many, balances.half, balances.no_place_for_a_half, balances.kept, balances.as_written, balances.steps, balances.fine.sum
SELECT
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN "fine" * "fine" <= 0 END), 0) AS "m1",
  COALESCE(COUNT_IF("id" = 1), 0) AS "m2",
  COALESCE(COUNT_IF(CASE WHEN "id" > 1 THEN "fine" * "fine" <= 0 END), 0) AS "m3",
  COALESCE(COUNT_IF("id" > 1), 0) AS "m4",
  COALESCE(COUNT_IF("whole" + 1 <= "whole"), 0) AS "m5",
  COUNT(*) AS "m6",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("whole" AS DECIMAL(38, 1)) <= 0.5 END), 0) AS "m7",
  COALESCE(COUNT_IF(CAST("whole" AS DECIMAL(38, 1)) <= 0.5), 0) AS "m8",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN COALESCE("fine", CAST("whole" AS DECIMAL(38, 10))) * 10 = FLOOR("fine") * 10 END), 0) AS "m9",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST(CAST(COALESCE("fine", "id") AS DECIMAL(38, 10)) AS VARCHAR) <> '2.5000000000' END), 0) AS "m10",
  COALESCE(COUNT_IF("fine" < CAST($step AS DECIMAL(12, 8))), 0) AS "m11",
  CAST(SUM(CASE WHEN "id" = 1 THEN "fine" * 4 END) AS DECIMAL(38, 10)) AS "m12"
FROM "public"."balances";

-- failed rows of balances.fits
SELECT
  "fine" AS "fine",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" = 1 THEN "fine" * "fine" <= 0 END
LIMIT 100;

-- failed rows of balances.does_not_fit
SELECT
  "fine" AS "fine",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" > 1 THEN "fine" * "fine" <= 0 END
LIMIT 100;

-- failed rows of balances.one_too_many
SELECT
  "whole" AS "whole"
FROM "public"."balances"
WHERE "whole" + 1 <= "whole"
LIMIT 100;

-- failed rows of balances.half
SELECT
  "whole" AS "whole",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" = 1 THEN CAST("whole" AS DECIMAL(38, 1)) <= 0.5 END
LIMIT 100;

-- failed rows of balances.no_place_for_a_half
SELECT
  "whole" AS "whole"
FROM "public"."balances"
WHERE CAST("whole" AS DECIMAL(38, 1)) <= 0.5
LIMIT 100;

-- failed rows of balances.kept
SELECT
  "fine" AS "fine",
  "whole" AS "whole",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" = 1 THEN COALESCE("fine", CAST("whole" AS DECIMAL(38, 10))) * 10 = FLOOR("fine") * 10 END
LIMIT 100;

-- failed rows of balances.as_written
SELECT
  "fine" AS "fine",
  "id" AS "id"
FROM "public"."balances"
WHERE CASE WHEN "id" = 1 THEN CAST(CAST(COALESCE("fine", "id") AS DECIMAL(38, 10)) AS VARCHAR) <> '2.5000000000' END
LIMIT 100;

-- failed rows of balances.steps
SELECT
  "fine" AS "fine"
FROM "public"."balances"
WHERE "fine" < CAST($step AS DECIMAL(12, 8))
LIMIT 100;
