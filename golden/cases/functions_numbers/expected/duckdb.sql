-- demo.numbers 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: numbers.id.required, numbers.quotient, numbers.remainder, numbers.signs, numbers.absolute, numbers.whole, numbers.whole_double, numbers.halves, numbers.digits, numbers.tens, numbers.roots, numbers.logs, numbers.exact, numbers.inexact, numbers.mixed, numbers.negative_zero, numbers.nothing, numbers.root_of_negative, numbers.log_of_zero, numbers.too_large, numbers.odd_ones, numbers.squares
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN CAST("i" AS DOUBLE) / CAST(2 AS DOUBLE) <> 3.5 END), 0) AS "m3",
  COALESCE(COUNT_IF("id" = 1), 0) AS "m4",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN "i" % 4 <> 3 THEN FALSE ELSE "i" % 4 = 3 AND CASE WHEN -"i" % 4 <> -3 THEN FALSE ELSE -"i" % 4 = -3 AND "i" % -4 = 3 END END END), 0) AS "m5",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CAST(SIGN("i") AS INTEGER) = 1 AND CAST(SIGN(-"d") AS INTEGER) = -1 AND CAST(SIGN(CAST("i" AS BIGINT) - CAST(7 AS BIGINT)) AS INTEGER) = 0)), 0) AS "m6",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT (ABS(-"i") = 7 AND ABS("d") = 2.5 AND ABS(-"f") = 2.5) END), 0) AS "m7",
  COALESCE(COUNT_IF("id" = 1 AND NOT (FLOOR("d") = 2 AND CEIL("d") = 3 AND FLOOR(-"d") = -3 AND CEIL(-"d") = -2 AND "i" = 7)), 0) AS "m8",
  COALESCE(COUNT_IF("id" = 1 AND NOT (FLOOR("f") = 2 AND CEIL("f") = 3 AND CEIL(-"f") = -2)), 0) AS "m9",
  COALESCE(COUNT_IF("id" = 1 AND NOT (ROUND("d", 0) = 3 AND ROUND(-"d", 0) = -3 AND ROUND("f", 0) = 3 AND ROUND(-"f", 0) = -3)), 0) AS "m10",
  COALESCE(COUNT_IF("id" = 1 AND NOT (ROUND("d", 1) = 2.5 AND ROUND(1.25, 1) = 1.3 AND ROUND(-1.25, 1) = -1.3 AND ROUND("i", 2) = 7)), 0) AS "m11",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN ROUND("i", -1) <> 10 THEN FALSE ELSE ROUND("i", -1) = 10 AND CASE WHEN ROUND(CAST("i" AS BIGINT) - CAST(3 AS BIGINT), -1) <> 0 THEN FALSE ELSE ROUND(CAST("i" AS BIGINT) - CAST(3 AS BIGINT), -1) = 0 AND ROUND(CAST("i" AS BIGINT) - CAST(2 AS BIGINT), -1) = 10 END END END), 0) AS "m12",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN CASE WHEN CAST("i" AS BIGINT) + CAST(2 AS BIGINT) < 0 THEN ERROR('square root of a negative number') ELSE SQRT(CAST(CAST("i" AS BIGINT) + CAST(2 AS BIGINT) AS DOUBLE)) END <> 3 THEN FALSE ELSE CASE WHEN CAST("i" AS BIGINT) + CAST(2 AS BIGINT) < 0 THEN ERROR('square root of a negative number') ELSE SQRT(CAST(CAST("i" AS BIGINT) + CAST(2 AS BIGINT) AS DOUBLE)) END = 3 AND CASE WHEN CASE WHEN ISFINITE(POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE))) THEN POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) WHEN POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <> 1024 THEN FALSE ELSE CASE WHEN ISFINITE(POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE))) THEN POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) WHEN POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END = 1024 AND CASE WHEN ISFINITE(POWER(CAST("i" AS DOUBLE), CAST(0 AS DOUBLE))) THEN POWER(CAST("i" AS DOUBLE), CAST(0 AS DOUBLE)) WHEN POWER(CAST("i" AS DOUBLE), CAST(0 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END = 1 END END END), 0) AS "m13",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN ROUND(CASE WHEN CASE WHEN ISFINITE(EXP(CAST(2 AS DOUBLE))) THEN EXP(CAST(2 AS DOUBLE)) WHEN EXP(CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <= 0 THEN ERROR('logarithm of a number that is not positive') ELSE LN(CASE WHEN ISFINITE(EXP(CAST(2 AS DOUBLE))) THEN EXP(CAST(2 AS DOUBLE)) WHEN EXP(CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END) END, 6) <> 2 THEN FALSE ELSE ROUND(CASE WHEN CASE WHEN ISFINITE(EXP(CAST(2 AS DOUBLE))) THEN EXP(CAST(2 AS DOUBLE)) WHEN EXP(CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <= 0 THEN ERROR('logarithm of a number that is not positive') ELSE LN(CASE WHEN ISFINITE(EXP(CAST(2 AS DOUBLE))) THEN EXP(CAST(2 AS DOUBLE)) WHEN EXP(CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END) END, 6) = 2 AND CASE WHEN CASE WHEN ISFINITE(EXP(CAST(0 AS DOUBLE))) THEN EXP(CAST(0 AS DOUBLE)) WHEN EXP(CAST(0 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <> 1 THEN FALSE ELSE CASE WHEN ISFINITE(EXP(CAST(0 AS DOUBLE))) THEN EXP(CAST(0 AS DOUBLE)) WHEN EXP(CAST(0 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END = 1 AND CASE WHEN 1 <= 0 THEN ERROR('logarithm of a number that is not positive') ELSE LN(CAST(1 AS DOUBLE)) END = 0 END END END), 0) AS "m14",
  COALESCE(COUNT_IF("id" = 1 AND "d" + 0.1 + 0.2 <> 2.8), 0) AS "m15",
  COALESCE(COUNT_IF(CASE WHEN "id" = 2 THEN "f" * 0.1 + 0.2 >= 0.5 END), 0) AS "m16",
  COALESCE(COUNT_IF("id" = 2), 0) AS "m17",
  COALESCE(COUNT_IF("id" = 1 AND NOT ("i" * "d" = 17.5 AND CAST("s" AS BIGINT) + CAST("i" AS BIGINT) = 6 AND CAST("s" AS BIGINT) * CAST("s" AS BIGINT) = 1)), 0) AS "m18",
  COALESCE(COUNT_IF("id" = 3 AND "f" <> 0), 0) AS "m19",
  COALESCE(COUNT_IF("id" = 3), 0) AS "m20",
  COALESCE(COUNT_IF("id" = 4 AND "i" + "d" IS NOT NULL), 0) AS "m21",
  COALESCE(COUNT_IF("id" = 4), 0) AS "m22",
  COALESCE(COUNT_IF(CASE WHEN "f" < 0 THEN ERROR('square root of a negative number') ELSE SQRT("f") END < 0), 0) AS "m23",
  COALESCE(COUNT_IF(CASE WHEN "f" <= 0 THEN ERROR('logarithm of a number that is not positive') ELSE LN("f") END <= -100), 0) AS "m24",
  COALESCE(COUNT_IF(CASE WHEN ISFINITE(EXP(CAST(CAST("i" AS BIGINT) * CAST(200 AS BIGINT) AS DOUBLE))) THEN EXP(CAST(CAST("i" AS BIGINT) * CAST(200 AS BIGINT) AS DOUBLE)) WHEN EXP(CAST(CAST("i" AS BIGINT) * CAST(200 AS BIGINT) AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <= 0), 0) AS "m25",
  SUM("i" % 2) AS "m26",
  MAX(CASE WHEN ISFINITE(POWER(CAST("s" AS DOUBLE), CAST(2 AS DOUBLE))) THEN POWER(CAST("s" AS DOUBLE), CAST(2 AS DOUBLE)) WHEN POWER(CAST("s" AS DOUBLE), CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END) AS "m27"
FROM "public"."numbers";

-- failed rows of numbers.id.required
SELECT
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of numbers.quotient
SELECT
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN CAST("i" AS DOUBLE) / CAST(2 AS DOUBLE) <> 3.5 END
LIMIT 100;

-- failed rows of numbers.remainder
SELECT
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN "i" % 4 <> 3 THEN FALSE ELSE "i" % 4 = 3
  AND CASE WHEN -"i" % 4 <> -3 THEN FALSE ELSE -"i" % 4 = -3
  AND "i" % -4 = 3 END END END
LIMIT 100;

-- failed rows of numbers.signs
SELECT
  "i" AS "i",
  "d" AS "d",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 1
  AND NOT (CAST(SIGN("i") AS INTEGER) = 1 AND CAST(SIGN(-"d") AS INTEGER) = -1 AND CAST(SIGN(CAST("i" AS BIGINT) - CAST(7 AS BIGINT)) AS INTEGER) = 0)
LIMIT 100;

-- failed rows of numbers.absolute
SELECT
  "i" AS "i",
  "d" AS "d",
  "f" AS "f",
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN NOT (ABS(-"i") = 7 AND ABS("d") = 2.5 AND ABS(-"f") = 2.5) END
LIMIT 100;

-- failed rows of numbers.whole
SELECT
  "d" AS "d",
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 1
  AND NOT (FLOOR("d") = 2 AND CEIL("d") = 3 AND FLOOR(-"d") = -3 AND CEIL(-"d") = -2 AND "i" = 7)
LIMIT 100;

-- failed rows of numbers.whole_double
SELECT
  "f" AS "f",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 1
  AND NOT (FLOOR("f") = 2 AND CEIL("f") = 3 AND CEIL(-"f") = -2)
LIMIT 100;

-- failed rows of numbers.halves
SELECT
  "d" AS "d",
  "f" AS "f",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 1
  AND NOT (ROUND("d", 0) = 3 AND ROUND(-"d", 0) = -3 AND ROUND("f", 0) = 3 AND ROUND(-"f", 0) = -3)
LIMIT 100;

-- failed rows of numbers.digits
SELECT
  "d" AS "d",
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 1
  AND NOT (ROUND("d", 1) = 2.5 AND ROUND(1.25, 1) = 1.3 AND ROUND(-1.25, 1) = -1.3 AND ROUND("i", 2) = 7)
LIMIT 100;

-- failed rows of numbers.tens
SELECT
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN ROUND("i", -1) <> 10 THEN FALSE ELSE ROUND("i", -1) = 10
  AND CASE WHEN ROUND(CAST("i" AS BIGINT) - CAST(3 AS BIGINT), -1) <> 0 THEN FALSE ELSE ROUND(CAST("i" AS BIGINT) - CAST(3 AS BIGINT), -1) = 0
  AND ROUND(CAST("i" AS BIGINT) - CAST(2 AS BIGINT), -1) = 10 END END END
LIMIT 100;

-- failed rows of numbers.roots
SELECT
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CASE WHEN CAST("i" AS BIGINT) + CAST(2 AS BIGINT) < 0 THEN ERROR('square root of a negative number') ELSE SQRT(CAST(CAST("i" AS BIGINT) + CAST(2 AS BIGINT) AS DOUBLE)) END <> 3 THEN FALSE ELSE CASE WHEN CAST("i" AS BIGINT) + CAST(2 AS BIGINT) < 0 THEN ERROR('square root of a negative number') ELSE SQRT(CAST(CAST("i" AS BIGINT) + CAST(2 AS BIGINT) AS DOUBLE)) END = 3
  AND CASE WHEN CASE WHEN ISFINITE(POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE))) THEN POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) WHEN POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <> 1024 THEN FALSE ELSE CASE WHEN ISFINITE(POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE))) THEN POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) WHEN POWER(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END = 1024
  AND CASE WHEN ISFINITE(POWER(CAST("i" AS DOUBLE), CAST(0 AS DOUBLE))) THEN POWER(CAST("i" AS DOUBLE), CAST(0 AS DOUBLE)) WHEN POWER(CAST("i" AS DOUBLE), CAST(0 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END = 1 END END END
LIMIT 100;

-- failed rows of numbers.logs
SELECT
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN ROUND(CASE WHEN CASE WHEN ISFINITE(EXP(CAST(2 AS DOUBLE))) THEN EXP(CAST(2 AS DOUBLE)) WHEN EXP(CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <= 0 THEN ERROR('logarithm of a number that is not positive') ELSE LN(CASE WHEN ISFINITE(EXP(CAST(2 AS DOUBLE))) THEN EXP(CAST(2 AS DOUBLE)) WHEN EXP(CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END) END, 6) <> 2 THEN FALSE ELSE ROUND(CASE WHEN CASE WHEN ISFINITE(EXP(CAST(2 AS DOUBLE))) THEN EXP(CAST(2 AS DOUBLE)) WHEN EXP(CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <= 0 THEN ERROR('logarithm of a number that is not positive') ELSE LN(CASE WHEN ISFINITE(EXP(CAST(2 AS DOUBLE))) THEN EXP(CAST(2 AS DOUBLE)) WHEN EXP(CAST(2 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END) END, 6) = 2
  AND CASE WHEN CASE WHEN ISFINITE(EXP(CAST(0 AS DOUBLE))) THEN EXP(CAST(0 AS DOUBLE)) WHEN EXP(CAST(0 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <> 1 THEN FALSE ELSE CASE WHEN ISFINITE(EXP(CAST(0 AS DOUBLE))) THEN EXP(CAST(0 AS DOUBLE)) WHEN EXP(CAST(0 AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END = 1
  AND CASE WHEN 1 <= 0 THEN ERROR('logarithm of a number that is not positive') ELSE LN(CAST(1 AS DOUBLE)) END = 0 END END END
LIMIT 100;

-- failed rows of numbers.exact
SELECT
  "d" AS "d",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 1
  AND "d" + 0.1 + 0.2 <> 2.8
LIMIT 100;

-- failed rows of numbers.inexact
SELECT
  "f" AS "f",
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 2 THEN "f" * 0.1 + 0.2 >= 0.5 END
LIMIT 100;

-- failed rows of numbers.mixed
SELECT
  "i" AS "i",
  "d" AS "d",
  "s" AS "s",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 1
  AND NOT ("i" * "d" = 17.5 AND CAST("s" AS BIGINT) + CAST("i" AS BIGINT) = 6 AND CAST("s" AS BIGINT) * CAST("s" AS BIGINT) = 1)
LIMIT 100;

-- failed rows of numbers.negative_zero
SELECT
  "f" AS "f",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 3
  AND "f" <> 0
LIMIT 100;

-- failed rows of numbers.nothing
SELECT
  "i" AS "i",
  "d" AS "d",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 4
  AND "i" + "d" IS NOT NULL
LIMIT 100;

-- failed rows of numbers.root_of_negative
SELECT
  "f" AS "f"
FROM "public"."numbers"
WHERE CASE WHEN "f" < 0 THEN ERROR('square root of a negative number') ELSE SQRT("f") END < 0
LIMIT 100;

-- failed rows of numbers.log_of_zero
SELECT
  "f" AS "f"
FROM "public"."numbers"
WHERE CASE WHEN "f" <= 0 THEN ERROR('logarithm of a number that is not positive') ELSE LN("f") END <= -100
LIMIT 100;

-- failed rows of numbers.too_large
SELECT
  "i" AS "i"
FROM "public"."numbers"
WHERE CASE WHEN ISFINITE(EXP(CAST(CAST("i" AS BIGINT) * CAST(200 AS BIGINT) AS DOUBLE))) THEN EXP(CAST(CAST("i" AS BIGINT) * CAST(200 AS BIGINT) AS DOUBLE)) WHEN EXP(CAST(CAST("i" AS BIGINT) * CAST(200 AS BIGINT) AS DOUBLE)) IS NULL THEN NULL ELSE ERROR('out of range') END <= 0
LIMIT 100;
