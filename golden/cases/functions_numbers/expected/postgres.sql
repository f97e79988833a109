-- demo.numbers 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: numbers.id.required, numbers.quotient, numbers.remainder, numbers.signs, numbers.absolute, numbers.whole, numbers.whole_double, numbers.halves, numbers.digits, numbers.tens, numbers.roots, numbers.logs, numbers.exact, numbers.inexact, numbers.mixed, numbers.negative_zero, numbers.nothing, numbers.root_of_negative, numbers.log_of_zero, numbers.too_large, numbers.odd_ones, numbers.squares
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN CAST("i" AS DOUBLE PRECISION) / CAST(2 AS DOUBLE PRECISION) <> 3.5 END) AS "m3",
  COUNT(*) FILTER (WHERE "id" = 1) AS "m4",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN "i" % 4 <> 3 THEN FALSE ELSE "i" % 4 = 3 AND CASE WHEN -"i" % 4 <> -3 THEN FALSE ELSE -"i" % 4 = -3 AND "i" % -4 = 3 END END END) AS "m5",
  COUNT(*) FILTER (WHERE "id" = 1 AND NOT (CAST(SIGN("i") AS INTEGER) = 1 AND CAST(SIGN(-"d") AS INTEGER) = -1 AND CAST(SIGN(CAST("i" AS BIGINT) - CAST(7 AS BIGINT)) AS INTEGER) = 0)) AS "m6",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN NOT (ABS(-"i") = 7 AND ABS("d") = 2.5 AND ABS(-"f") = 2.5) END) AS "m7",
  COUNT(*) FILTER (WHERE "id" = 1 AND NOT (FLOOR("d") = 2 AND CEIL("d") = 3 AND FLOOR(-"d") = -3 AND CEIL(-"d") = -2 AND "i" = 7)) AS "m8",
  COUNT(*) FILTER (WHERE "id" = 1 AND NOT (FLOOR("f") = 2 AND CEIL("f") = 3 AND CEIL(-"f") = -2)) AS "m9",
  COUNT(*) FILTER (WHERE "id" = 1 AND NOT (ROUND("d", 0) = 3 AND ROUND(-"d", 0) = -3 AND CASE WHEN ABS("f" - TRUNC("f")) >= CAST(0.5 AS DOUBLE PRECISION) THEN TRUNC("f") + SIGN("f") ELSE TRUNC("f") END = 3 AND CASE WHEN ABS(-"f" - TRUNC(-"f")) >= CAST(0.5 AS DOUBLE PRECISION) THEN TRUNC(-"f") + SIGN(-"f") ELSE TRUNC(-"f") END = -3)) AS "m10",
  COUNT(*) FILTER (WHERE "id" = 1 AND NOT (ROUND("d", 1) = 2.5 AND ROUND(1.25, 1) = 1.3 AND ROUND(-1.25, 1) = -1.3 AND "i" = 7)) AS "m11",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST(ROUND(CAST("i" AS NUMERIC), -1) AS INTEGER) <> 10 THEN FALSE ELSE CAST(ROUND(CAST("i" AS NUMERIC), -1) AS INTEGER) = 10 AND CASE WHEN CAST(ROUND(CAST(CAST("i" AS BIGINT) - CAST(3 AS BIGINT) AS NUMERIC), -1) AS BIGINT) <> 0 THEN FALSE ELSE CAST(ROUND(CAST(CAST("i" AS BIGINT) - CAST(3 AS BIGINT) AS NUMERIC), -1) AS BIGINT) = 0 AND CAST(ROUND(CAST(CAST("i" AS BIGINT) - CAST(2 AS BIGINT) AS NUMERIC), -1) AS BIGINT) = 10 END END END) AS "m12",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN SQRT(CAST(CAST("i" AS BIGINT) + CAST(2 AS BIGINT) AS DOUBLE PRECISION)) <> 3 THEN FALSE ELSE SQRT(CAST(CAST("i" AS BIGINT) + CAST(2 AS BIGINT) AS DOUBLE PRECISION)) = 3 AND CASE WHEN POWER(CAST(2 AS DOUBLE PRECISION), CAST(10 AS DOUBLE PRECISION)) <> 1024 THEN FALSE ELSE POWER(CAST(2 AS DOUBLE PRECISION), CAST(10 AS DOUBLE PRECISION)) = 1024 AND POWER(CAST("i" AS DOUBLE PRECISION), CAST(0 AS DOUBLE PRECISION)) = 1 END END END) AS "m13",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CASE WHEN ABS(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION) - TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION))) >= CAST(0.5 AS DOUBLE PRECISION) THEN TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) + SIGN(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) ELSE TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) END / CAST(1e6 AS DOUBLE PRECISION) <> 2 THEN FALSE ELSE CASE WHEN ABS(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION) - TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION))) >= CAST(0.5 AS DOUBLE PRECISION) THEN TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) + SIGN(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) ELSE TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) END / CAST(1e6 AS DOUBLE PRECISION) = 2 AND CASE WHEN EXP(CAST(0 AS DOUBLE PRECISION)) <> 1 THEN FALSE ELSE EXP(CAST(0 AS DOUBLE PRECISION)) = 1 AND LN(CAST(1 AS DOUBLE PRECISION)) = 0 END END END) AS "m14",
  COUNT(*) FILTER (WHERE "id" = 1 AND "d" + 0.1 + 0.2 <> 2.8) AS "m15",
  COUNT(*) FILTER (WHERE CASE WHEN "id" = 2 THEN "f" * 0.1 + 0.2 >= 0.5 END) AS "m16",
  COUNT(*) FILTER (WHERE "id" = 2) AS "m17",
  COUNT(*) FILTER (WHERE "id" = 1 AND NOT ("i" * "d" = 17.5 AND CAST("s" AS BIGINT) + CAST("i" AS BIGINT) = 6 AND CAST("s" AS BIGINT) * CAST("s" AS BIGINT) = 1)) AS "m18",
  COUNT(*) FILTER (WHERE "id" = 3 AND "f" <> 0) AS "m19",
  COUNT(*) FILTER (WHERE "id" = 3) AS "m20",
  COUNT(*) FILTER (WHERE "id" = 4 AND "i" + "d" IS NOT NULL) AS "m21",
  COUNT(*) FILTER (WHERE "id" = 4) AS "m22",
  COUNT(*) FILTER (WHERE SQRT("f") < 0) AS "m23",
  COUNT(*) FILTER (WHERE LN("f") <= -100) AS "m24",
  COUNT(*) FILTER (WHERE EXP(CAST(CAST("i" AS BIGINT) * CAST(200 AS BIGINT) AS DOUBLE PRECISION)) <= 0) AS "m25",
  SUM("i" % 2) AS "m26",
  MAX(POWER(CAST("s" AS DOUBLE PRECISION), CAST(2 AS DOUBLE PRECISION))) AS "m27"
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
WHERE CASE WHEN "id" = 1 THEN CAST("i" AS DOUBLE PRECISION) / CAST(2 AS DOUBLE PRECISION) <> 3.5 END
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
  AND NOT (ROUND("d", 0) = 3 AND ROUND(-"d", 0) = -3 AND CASE WHEN ABS("f" - TRUNC("f")) >= CAST(0.5 AS DOUBLE PRECISION) THEN TRUNC("f") + SIGN("f") ELSE TRUNC("f") END = 3 AND CASE WHEN ABS(-"f" - TRUNC(-"f")) >= CAST(0.5 AS DOUBLE PRECISION) THEN TRUNC(-"f") + SIGN(-"f") ELSE TRUNC(-"f") END = -3)
LIMIT 100;

-- failed rows of numbers.digits
SELECT
  "d" AS "d",
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE "id" = 1
  AND NOT (ROUND("d", 1) = 2.5 AND ROUND(1.25, 1) = 1.3 AND ROUND(-1.25, 1) = -1.3 AND "i" = 7)
LIMIT 100;

-- failed rows of numbers.tens
SELECT
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CAST(ROUND(CAST("i" AS NUMERIC), -1) AS INTEGER) <> 10 THEN FALSE ELSE CAST(ROUND(CAST("i" AS NUMERIC), -1) AS INTEGER) = 10
  AND CASE WHEN CAST(ROUND(CAST(CAST("i" AS BIGINT) - CAST(3 AS BIGINT) AS NUMERIC), -1) AS BIGINT) <> 0 THEN FALSE ELSE CAST(ROUND(CAST(CAST("i" AS BIGINT) - CAST(3 AS BIGINT) AS NUMERIC), -1) AS BIGINT) = 0
  AND CAST(ROUND(CAST(CAST("i" AS BIGINT) - CAST(2 AS BIGINT) AS NUMERIC), -1) AS BIGINT) = 10 END END END
LIMIT 100;

-- failed rows of numbers.roots
SELECT
  "i" AS "i",
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN SQRT(CAST(CAST("i" AS BIGINT) + CAST(2 AS BIGINT) AS DOUBLE PRECISION)) <> 3 THEN FALSE ELSE SQRT(CAST(CAST("i" AS BIGINT) + CAST(2 AS BIGINT) AS DOUBLE PRECISION)) = 3
  AND CASE WHEN POWER(CAST(2 AS DOUBLE PRECISION), CAST(10 AS DOUBLE PRECISION)) <> 1024 THEN FALSE ELSE POWER(CAST(2 AS DOUBLE PRECISION), CAST(10 AS DOUBLE PRECISION)) = 1024
  AND POWER(CAST("i" AS DOUBLE PRECISION), CAST(0 AS DOUBLE PRECISION)) = 1 END END END
LIMIT 100;

-- failed rows of numbers.logs
SELECT
  "id" AS "id"
FROM "public"."numbers"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN CASE WHEN ABS(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION) - TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION))) >= CAST(0.5 AS DOUBLE PRECISION) THEN TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) + SIGN(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) ELSE TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) END / CAST(1e6 AS DOUBLE PRECISION) <> 2 THEN FALSE ELSE CASE WHEN ABS(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION) - TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION))) >= CAST(0.5 AS DOUBLE PRECISION) THEN TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) + SIGN(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) ELSE TRUNC(LN(EXP(CAST(2 AS DOUBLE PRECISION))) * CAST(1e6 AS DOUBLE PRECISION)) END / CAST(1e6 AS DOUBLE PRECISION) = 2
  AND CASE WHEN EXP(CAST(0 AS DOUBLE PRECISION)) <> 1 THEN FALSE ELSE EXP(CAST(0 AS DOUBLE PRECISION)) = 1
  AND LN(CAST(1 AS DOUBLE PRECISION)) = 0 END END END
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
WHERE SQRT("f") < 0
LIMIT 100;

-- failed rows of numbers.log_of_zero
SELECT
  "f" AS "f"
FROM "public"."numbers"
WHERE LN("f") <= -100
LIMIT 100;

-- failed rows of numbers.too_large
SELECT
  "i" AS "i"
FROM "public"."numbers"
WHERE EXP(CAST(CAST("i" AS BIGINT) * CAST(200 AS BIGINT) AS DOUBLE PRECISION)) <= 0
LIMIT 100;
