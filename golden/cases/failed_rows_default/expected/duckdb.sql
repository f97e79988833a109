-- demo.bookings 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: bookings.room.required, bookings.day.required, bookings.guests.between, bookings.room+day.unique, bookings.room.references, bookings.night, bookings.guest.missing, bookings.guests.invalid, bookings.guest.duplicates, bookings.crowded, bookings.guests.avg
SELECT
  COUNT(*) AS "m1",
  COUNT("room") AS "m2",
  COUNT("day") AS "m3",
  COALESCE(COUNT_IF("guests" NOT BETWEEN 1 AND 4), 0) AS "m4",
  COALESCE(COUNT_IF(NOT ("guest" IS NOT NULL OR "guests" IS NULL)), 0) AS "m7",
  COALESCE(COUNT_IF("guest" IS NULL OR "guest" IN ('')), 0) AS "m8",
  COALESCE(COUNT_IF("guests" > 2), 0) AS "m11",
  SUM("guests") AS "m12",
  COUNT("guests") AS "m13"
FROM "public"."bookings";

-- s2: bookings.room+day.unique
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m5"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."bookings" WHERE "room" IS NOT NULL AND "day" IS NOT NULL GROUP BY "room", "day" HAVING COUNT(*) > 1) AS "assay_keys";

-- s3: bookings.room.references
SELECT
  COUNT(*) AS "m6"
FROM "public"."bookings" AS "assay_dataset"
WHERE "assay_dataset"."room" IS NOT NULL
  AND "assay_dataset"."room" NOT IN (SELECT "assay_target"."name" FROM "public"."rooms" AS "assay_target" WHERE "assay_target"."name" IS NOT NULL);

-- s4: bookings.guest.duplicates
SELECT
  COALESCE(COUNT_IF("assay_step"), 0) AS "m9"
FROM (SELECT CASE WHEN "guest" NOT IN ('') THEN "guest" END <= LAG(CASE WHEN "guest" NOT IN ('') THEN "guest" END) OVER () AS "assay_step" FROM "public"."bookings" WHERE CASE WHEN "guest" NOT IN ('') THEN "guest" END IS NOT NULL) AS "assay_keys";

-- s5: bookings.guest.duplicates
-- only where m9 is not 0, else 0
SELECT
  COALESCE(SUM("assay_rows"), 0) AS "m10"
FROM (SELECT COUNT(*) AS "assay_rows" FROM "public"."bookings" WHERE CASE WHEN "guest" NOT IN ('') THEN "guest" END IS NOT NULL GROUP BY CASE WHEN "guest" NOT IN ('') THEN "guest" END HAVING COUNT(*) > 1) AS "assay_keys";

-- failed rows of bookings.room.required
SELECT
  "room" AS "room",
  "day" AS "day"
FROM "public"."bookings"
WHERE "room" IS NULL
LIMIT 100;

-- failed rows of bookings.day.required
SELECT
  "room" AS "room",
  "day" AS "day"
FROM "public"."bookings"
WHERE "day" IS NULL
LIMIT 100;

-- failed rows of bookings.guests.between
SELECT
  "room" AS "room",
  "day" AS "day",
  "guests" AS "guests"
FROM "public"."bookings"
WHERE "guests" NOT BETWEEN 1 AND 4
LIMIT 100;

-- failed rows of bookings.room+day.unique
SELECT
  "room" AS "room",
  "day" AS "day"
FROM "public"."bookings"
WHERE ("room", "day") IN (SELECT "room", "day" FROM "public"."bookings" WHERE "room" IS NOT NULL AND "day" IS NOT NULL GROUP BY "room", "day" HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of bookings.room.references
SELECT
  "assay_dataset"."room" AS "room",
  "assay_dataset"."day" AS "day"
FROM "public"."bookings" AS "assay_dataset"
WHERE "assay_dataset"."room" IS NOT NULL
  AND "assay_dataset"."room" NOT IN (SELECT "assay_target"."name" FROM "public"."rooms" AS "assay_target" WHERE "assay_target"."name" IS NOT NULL)
LIMIT 100;

-- failed rows of bookings.night
SELECT
  "room" AS "room",
  "day" AS "day",
  "guest" AS "guest",
  "guests" AS "guests"
FROM "public"."bookings"
WHERE NOT ("guest" IS NOT NULL OR "guests" IS NULL)
LIMIT 100;

-- failed rows of bookings.guest.missing
SELECT
  "room" AS "room",
  "day" AS "day",
  "guest" AS "guest"
FROM "public"."bookings"
WHERE "guest" IS NULL OR "guest" IN ('')
LIMIT 100;

-- failed rows of bookings.guests.invalid
SELECT
  "room" AS "room",
  "day" AS "day",
  "guests" AS "guests"
FROM "public"."bookings"
WHERE "guests" NOT BETWEEN 1 AND 4
LIMIT 100;

-- failed rows of bookings.guest.duplicates
SELECT
  "room" AS "room",
  "day" AS "day",
  "guest" AS "guest"
FROM "public"."bookings"
WHERE CASE WHEN "guest" NOT IN ('') THEN "guest" END IN (SELECT CASE WHEN "guest" NOT IN ('') THEN "guest" END FROM "public"."bookings" WHERE CASE WHEN "guest" NOT IN ('') THEN "guest" END IS NOT NULL GROUP BY CASE WHEN "guest" NOT IN ('') THEN "guest" END HAVING COUNT(*) > 1)
LIMIT 100;

-- failed rows of bookings.crowded
SELECT
  "room" AS "room",
  "day" AS "day",
  "guests" AS "guests"
FROM "public"."bookings"
WHERE "guests" > 2
LIMIT 100;
