-- demo.accounts 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: accounts.id.required, accounts.code.matches, accounts.code.length, accounts.code.not_in, accounts.age.between, accounts.age.compare, accounts.code.invalid, accounts.code.valid, accounts.adds_up, accounts.invalid_share, accounts.valid_share, accounts.age.invalid, accounts.age.missing
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("code" NOT IN ('', 'n/a') AND NOT REGEXP_MATCHES("code", '^[A-Z]')), 0) AS "m3",
  COALESCE(COUNT_IF("code" NOT IN ('', 'n/a') AND LENGTH("code") <> 3), 0) AS "m4",
  COALESCE(COUNT_IF("code" NOT IN ('', 'n/a') AND "code" IN ('XXX')), 0) AS "m5",
  COALESCE(COUNT_IF("age" NOT IN (-1) AND "age" NOT BETWEEN 0 AND 150), 0) AS "m6",
  COALESCE(COUNT_IF("age" NOT IN (-1) AND "age" = 13), 0) AS "m7",
  COALESCE(COUNT_IF("code" NOT IN ('', 'n/a') AND NOT REGEXP_MATCHES("code", '^[A-Z]') OR "code" NOT IN ('', 'n/a') AND LENGTH("code") <> 3 OR "code" NOT IN ('', 'n/a') AND "code" IN ('XXX')), 0) AS "m8",
  COALESCE(COUNT_IF("code" IS NOT NULL AND "code" NOT IN ('', 'n/a') AND ("code" NOT IN ('', 'n/a') AND NOT REGEXP_MATCHES("code", '^[A-Z]') OR "code" NOT IN ('', 'n/a') AND LENGTH("code") <> 3 OR "code" NOT IN ('', 'n/a') AND "code" IN ('XXX')) IS NOT TRUE), 0) AS "m9",
  COALESCE(COUNT_IF("code" IS NULL OR "code" IN ('', 'n/a')), 0) AS "m10",
  COALESCE(COUNT_IF("age" IS NOT NULL AND "age" NOT IN (-1) AND ("age" NOT IN (-1) AND "age" NOT BETWEEN 0 AND 150 OR "age" NOT IN (-1) AND "age" = 13) IS NOT TRUE), 0) AS "m11",
  COALESCE(COUNT_IF("age" NOT IN (-1) AND "age" NOT BETWEEN 0 AND 150 OR "age" NOT IN (-1) AND "age" = 13), 0) AS "m12",
  COALESCE(COUNT_IF("age" IS NULL OR "age" IN (-1)), 0) AS "m13"
FROM "public"."accounts";

-- failed rows of accounts.id.required
SELECT
  "id" AS "id"
FROM "public"."accounts"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of accounts.code.matches
SELECT
  "code" AS "code"
FROM "public"."accounts"
WHERE "code" NOT IN ('', 'n/a')
  AND NOT REGEXP_MATCHES("code", '^[A-Z]')
LIMIT 100;

-- failed rows of accounts.code.length
SELECT
  "code" AS "code"
FROM "public"."accounts"
WHERE "code" NOT IN ('', 'n/a')
  AND LENGTH("code") <> 3
LIMIT 100;

-- failed rows of accounts.code.not_in
SELECT
  "code" AS "code"
FROM "public"."accounts"
WHERE "code" NOT IN ('', 'n/a')
  AND "code" IN ('XXX')
LIMIT 100;

-- failed rows of accounts.age.between
SELECT
  "age" AS "age"
FROM "public"."accounts"
WHERE "age" NOT IN (-1)
  AND "age" NOT BETWEEN 0 AND 150
LIMIT 100;

-- failed rows of accounts.age.compare
SELECT
  "age" AS "age"
FROM "public"."accounts"
WHERE "age" NOT IN (-1)
  AND "age" = 13
LIMIT 100;

-- failed rows of accounts.invalid_share
SELECT
  "code" AS "code"
FROM "public"."accounts"
WHERE "code" NOT IN ('', 'n/a')
  AND NOT REGEXP_MATCHES("code", '^[A-Z]') OR "code" NOT IN ('', 'n/a')
  AND LENGTH("code") <> 3 OR "code" NOT IN ('', 'n/a')
  AND "code" IN ('XXX')
LIMIT 100;
