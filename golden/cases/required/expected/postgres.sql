-- demo.people 1.0.0 in postgres

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: people.id.required, people.name.required, people.nickname.required, people.age.required, people.city.required
SELECT
  COUNT(*) AS "m1",
  COUNT("id") AS "m2",
  COUNT("name") AS "m3",
  COUNT("nickname") AS "m4",
  COUNT("age") AS "m5",
  COUNT("city") AS "m6"
FROM "public"."people";

-- failed rows of people.id.required
SELECT
  "id" AS "id"
FROM "public"."people"
WHERE "id" IS NULL
LIMIT 100;

-- failed rows of people.name.required
SELECT
  "name" AS "name"
FROM "public"."people"
WHERE "name" IS NULL
LIMIT 100;

-- failed rows of people.nickname.required
SELECT
  "nickname" AS "nickname"
FROM "public"."people"
WHERE "nickname" IS NULL
LIMIT 100;

-- failed rows of people.age.required
SELECT
  "age" AS "age"
FROM "public"."people"
WHERE "age" IS NULL
LIMIT 100;

-- failed rows of people.city.required
SELECT
  "city" AS "city"
FROM "public"."people"
WHERE "city" IS NULL
LIMIT 100;
