-- demo.texts 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: texts.id.required, texts.lowered, texts.uppered, texts.trimmed, texts.only_blanks_go, texts.measured, texts.cut, texts.outside, texts.ends, texts.replaced, texts.placed, texts.starts, texts.finishes, texts.holds, texts.joined, texts.joined_null, texts.emoji, texts.counted, texts.longest
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("id" = 1 AND LOWER("t") <> 'hello world'), 0) AS "m3",
  COALESCE(COUNT_IF("id" = 1), 0) AS "m4",
  COALESCE(COUNT_IF("id" = 1 AND UPPER("t") <> 'HELLO WORLD'), 0) AS "m5",
  COALESCE(COUNT_IF("id" = 2 AND NOT (TRIM("t", ' ') = 'x' AND LTRIM("t", ' ') = 'x ' AND RTRIM("t", ' ') = ' x')), 0) AS "m6",
  COALESCE(COUNT_IF("id" = 2), 0) AS "m7",
  COALESCE(COUNT_IF("id" = 3 AND TRIM("t", ' ') <> "t"), 0) AS "m8",
  COALESCE(COUNT_IF("id" = 3), 0) AS "m9",
  COALESCE(COUNT_IF("id" IN (4, 5) AND LENGTH("t") <> LENGTH("u")), 0) AS "m10",
  COALESCE(COUNT_IF("id" IN (4, 5)), 0) AS "m11",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN SUBSTR("t", 1, 5) <> 'Hello' THEN FALSE ELSE SUBSTR("t", 1, 5) = 'Hello' AND CASE WHEN SUBSTR("t", 7) <> 'World' THEN FALSE ELSE SUBSTR("t", 7) = 'World' AND SUBSTR("t", 11, 9) = 'd' END END END), 0) AS "m12",
  COALESCE(COUNT_IF(CASE WHEN "id" = 1 THEN NOT CASE WHEN SUBSTR("t", 12) <> '' THEN FALSE ELSE SUBSTR("t", 12) = '' AND SUBSTR("t", 3, 0) = '' END END), 0) AS "m13",
  COALESCE(COUNT_IF("id" = 1 AND NOT (LEFT("t", 2) = 'He' AND RIGHT("t", 2) = 'ld' AND LEFT("t", 0) = '' AND RIGHT("t", 99) = "t")), 0) AS "m14",
  COALESCE(COUNT_IF("id" = 1 AND REPLACE("t", 'l', 'LL') <> 'HeLLLLo WorLLd'), 0) AS "m15",
  COALESCE(COUNT_IF("id" = 1 AND NOT (STRPOS("t", 'o') = 5 AND STRPOS("t", 'z') = 0 AND STRPOS("t", '') = 1)), 0) AS "m16",
  COALESCE(COUNT_IF("id" = 1 AND NOT (STARTS_WITH("t", 'Hello') AND NOT STARTS_WITH("t", 'hello'))), 0) AS "m17",
  COALESCE(COUNT_IF("id" = 1 AND NOT (SUFFIX("t", 'World') AND SUFFIX("t", '') AND NOT SUFFIX("t", 'Hello World!'))), 0) AS "m18",
  COALESCE(COUNT_IF("id" = 1 AND NOT (CONTAINS("t", 'lo W') AND NOT CONTAINS("t", '_'))), 0) AS "m19",
  COALESCE(COUNT_IF("id" = 1 AND "t" || '-' || "u" <> 'Hello World-x'), 0) AS "m20",
  COALESCE(COUNT_IF("id" = 6 AND "t" || "u" || '!' IS NOT NULL), 0) AS "m21",
  COALESCE(COUNT_IF("id" = 6), 0) AS "m22",
  COALESCE(COUNT_IF(CASE WHEN "id" = 7 THEN NOT CASE WHEN LENGTH("t") <> 3 THEN FALSE ELSE LENGTH("t") = 3 AND CASE WHEN LEFT("t", 1) <> '👍' THEN FALSE ELSE LEFT("t", 1) = '👍' AND SUBSTR("t", 2, 1) = 'a' AND STRPOS("t", 'b') = 3 END END END), 0) AS "m23",
  COALESCE(COUNT_IF("id" = 7), 0) AS "m24",
  COALESCE(COUNT_IF(LENGTH("t" || "t") <> CAST(2 AS BIGINT) * LENGTH("t")), 0) AS "m25",
  MAX(LENGTH("t")) AS "m26"
FROM "public"."texts";

-- failed rows of texts.id.required
SELECT
  "id" AS "id"
FROM "public"."texts"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of texts.lowered
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND LOWER("t") <> 'hello world'
LIMIT 100;

-- failed rows of texts.uppered
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND UPPER("t") <> 'HELLO WORLD'
LIMIT 100;

-- failed rows of texts.trimmed
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 2
  AND NOT (TRIM("t", ' ') = 'x' AND LTRIM("t", ' ') = 'x ' AND RTRIM("t", ' ') = ' x')
LIMIT 100;

-- failed rows of texts.only_blanks_go
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 3
  AND TRIM("t", ' ') <> "t"
LIMIT 100;

-- failed rows of texts.measured
SELECT
  "t" AS "t",
  "u" AS "u",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" IN (4, 5)
  AND LENGTH("t") <> LENGTH("u")
LIMIT 100;

-- failed rows of texts.cut
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN SUBSTR("t", 1, 5) <> 'Hello' THEN FALSE ELSE SUBSTR("t", 1, 5) = 'Hello'
  AND CASE WHEN SUBSTR("t", 7) <> 'World' THEN FALSE ELSE SUBSTR("t", 7) = 'World'
  AND SUBSTR("t", 11, 9) = 'd' END END END
LIMIT 100;

-- failed rows of texts.outside
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE CASE WHEN "id" = 1 THEN NOT CASE WHEN SUBSTR("t", 12) <> '' THEN FALSE ELSE SUBSTR("t", 12) = ''
  AND SUBSTR("t", 3, 0) = '' END END
LIMIT 100;

-- failed rows of texts.ends
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND NOT (LEFT("t", 2) = 'He' AND RIGHT("t", 2) = 'ld' AND LEFT("t", 0) = '' AND RIGHT("t", 99) = "t")
LIMIT 100;

-- failed rows of texts.replaced
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND REPLACE("t", 'l', 'LL') <> 'HeLLLLo WorLLd'
LIMIT 100;

-- failed rows of texts.placed
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND NOT (STRPOS("t", 'o') = 5 AND STRPOS("t", 'z') = 0 AND STRPOS("t", '') = 1)
LIMIT 100;

-- failed rows of texts.starts
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND NOT (STARTS_WITH("t", 'Hello') AND NOT STARTS_WITH("t", 'hello'))
LIMIT 100;

-- failed rows of texts.finishes
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND NOT (SUFFIX("t", 'World') AND SUFFIX("t", '') AND NOT SUFFIX("t", 'Hello World!'))
LIMIT 100;

-- failed rows of texts.holds
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND NOT (CONTAINS("t", 'lo W') AND NOT CONTAINS("t", '_'))
LIMIT 100;

-- failed rows of texts.joined
SELECT
  "t" AS "t",
  "u" AS "u",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 1
  AND "t" || '-' || "u" <> 'Hello World-x'
LIMIT 100;

-- failed rows of texts.joined_null
SELECT
  "t" AS "t",
  "u" AS "u",
  "id" AS "id"
FROM "public"."texts"
WHERE "id" = 6
  AND "t" || "u" || '!' IS NOT NULL
LIMIT 100;

-- failed rows of texts.emoji
SELECT
  "t" AS "t",
  "id" AS "id"
FROM "public"."texts"
WHERE CASE WHEN "id" = 7 THEN NOT CASE WHEN LENGTH("t") <> 3 THEN FALSE ELSE LENGTH("t") = 3
  AND CASE WHEN LEFT("t", 1) <> '👍' THEN FALSE ELSE LEFT("t", 1) = '👍'
  AND SUBSTR("t", 2, 1) = 'a'
  AND STRPOS("t", 'b') = 3 END END END
LIMIT 100;

-- failed rows of texts.counted
SELECT
  "t" AS "t"
FROM "public"."texts"
WHERE LENGTH("t" || "t") <> CAST(2 AS BIGINT) * LENGTH("t")
LIMIT 100;
