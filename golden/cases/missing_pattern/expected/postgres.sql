-- demo.notes 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: notes.id.required, notes.author.required, notes.note.length, notes.note.missing
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT(*) FILTER (WHERE "author" IS NULL OR "author" ~ '^[ \t\n\r\f\v]*$') AS "m3",
  COUNT(*) FILTER (WHERE NOT "note" ~ '^(?:[ \t\n\r\f\v]*|none|unknown)$' AND LENGTH("note") < 5) AS "m4",
  COUNT(*) FILTER (WHERE "note" IS NULL OR "note" ~ '^(?:[ \t\n\r\f\v]*|none|unknown)$') AS "m5"
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
WHERE "author" IS NULL OR "author" ~ '^[ \t\n\r\f\v]*$'
LIMIT 100;

-- failed rows of notes.note.length
SELECT
  "note" AS "note"
FROM "public"."notes"
WHERE NOT "note" ~ '^(?:[ \t\n\r\f\v]*|none|unknown)$'
  AND LENGTH("note") < 5
LIMIT 100;
