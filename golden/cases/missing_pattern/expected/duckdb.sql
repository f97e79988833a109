-- demo.notes 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: notes.id.required, notes.author.required, notes.note.length, notes.note.missing
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COALESCE(COUNT_IF("author" IS NULL OR REGEXP_MATCHES("author", '^[ \t\n\r\f\v]*$')), 0) AS "m3",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("note", '^(?:[ \t\n\r\f\v]*|none|unknown)$') AND LENGTH("note") < 5), 0) AS "m4",
  COALESCE(COUNT_IF("note" IS NULL OR REGEXP_MATCHES("note", '^(?:[ \t\n\r\f\v]*|none|unknown)$')), 0) AS "m5"
FROM "public"."notes";

-- failed rows of notes.id.required
SELECT
  "id" AS "id"
FROM "public"."notes"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of notes.author.required
SELECT
  "author" AS "author"
FROM "public"."notes"
WHERE "author" IS NULL OR REGEXP_MATCHES("author", '^[ \t\n\r\f\v]*$')
LIMIT 100;

-- failed rows of notes.note.length
SELECT
  "note" AS "note"
FROM "public"."notes"
WHERE NOT REGEXP_MATCHES("note", '^(?:[ \t\n\r\f\v]*|none|unknown)$')
  AND LENGTH("note") < 5
LIMIT 100;
