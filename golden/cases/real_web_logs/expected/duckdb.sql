-- web.requests 1.0.0 in duckdb

-- values fixed per run: 1 now (timestamptz), 2 today (date)

-- s1: requests.at.required, requests.host.required, requests.ip.required, requests.ip.matches, requests.method.required, requests.method.in, requests.path.required, requests.path.matches, requests.path.length, requests.status.required, requests.status.between, requests.millis.required, requests.millis.compare, requests.no_content, requests.redirects_are_get, requests.errors, requests.millis.percentile, requests.agent.missing, requests.traversal
SELECT
  COUNT(*) AS "m1",
  COUNT("at") AS "m2",
  COUNT("host") AS "m3",
  COUNT("ip") AS "m4",
  COALESCE(COUNT_IF(NOT REGEXP_MATCHES("ip", '^(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}$')), 0) AS "m5",
  COUNT("method") AS "m6",
  COALESCE(COUNT_IF("method" NOT IN ('GET', 'POST', 'PUT', 'DELETE')), 0) AS "m7",
  COUNT("path") AS "m8",
  COALESCE(COUNT_IF(NOT STARTS_WITH("path", '/')), 0) AS "m9",
  COALESCE(COUNT_IF(LENGTH("path") > 40), 0) AS "m10",
  COUNT("status") AS "m11",
  COALESCE(COUNT_IF("status" NOT BETWEEN 100 AND 599), 0) AS "m12",
  COUNT("millis") AS "m13",
  COALESCE(COUNT_IF("millis" < 0), 0) AS "m14",
  COALESCE(COUNT_IF("status" IN (204, 304) AND NOT ("size" IS NULL OR "size" = 0)), 0) AS "m15",
  COALESCE(COUNT_IF("status" IN (204, 304)), 0) AS "m16",
  COALESCE(COUNT_IF("status" BETWEEN 300 AND 399 AND "method" <> 'GET'), 0) AS "m17",
  COALESCE(COUNT_IF("status" BETWEEN 300 AND 399), 0) AS "m18",
  COALESCE(COUNT_IF("status" >= 500), 0) AS "m19",
  PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY "millis") AS "m22",
  COALESCE(COUNT_IF("agent" IS NULL OR "agent" IN ('-')), 0) AS "m25",
  COALESCE(COUNT_IF(CONTAINS("path", '..')), 0) AS "m26"
FROM "public"."requests";

-- s2: requests.errors_by_host, requests.millis.avg
SELECT
  "host" AS "g1",
  COALESCE(COUNT_IF("status" >= 500), 0) AS "m20",
  COUNT(*) AS "m21",
  SUM("millis") AS "m23",
  COUNT("millis") AS "m24"
FROM "public"."requests"
GROUP BY "host";

-- failed rows of requests.at.required
SELECT
  "at" AS "at"
FROM "public"."requests"
WHERE "at" IS NULL
LIMIT 100;

-- failed rows of requests.host.required
SELECT
  "host" AS "host"
FROM "public"."requests"
WHERE "host" IS NULL
LIMIT 100;

-- failed rows of requests.ip.required
SELECT
  "ip" AS "ip"
FROM "public"."requests"
WHERE "ip" IS NULL
LIMIT 100;

-- failed rows of requests.ip.matches
SELECT
  "ip" AS "ip"
FROM "public"."requests"
WHERE NOT REGEXP_MATCHES("ip", '^(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}$')
LIMIT 100;

-- failed rows of requests.method.required
SELECT
  "method" AS "method"
FROM "public"."requests"
WHERE "method" IS NULL
LIMIT 100;

-- failed rows of requests.method.in
SELECT
  "method" AS "method"
FROM "public"."requests"
WHERE "method" NOT IN ('GET', 'POST', 'PUT', 'DELETE')
LIMIT 100;

-- failed rows of requests.path.required
SELECT
  "path" AS "path"
FROM "public"."requests"
WHERE "path" IS NULL
LIMIT 100;

-- failed rows of requests.path.matches
SELECT
  "path" AS "path"
FROM "public"."requests"
WHERE NOT STARTS_WITH("path", '/')
LIMIT 100;

-- failed rows of requests.path.length
SELECT
  "path" AS "path"
FROM "public"."requests"
WHERE LENGTH("path") > 40
LIMIT 100;

-- failed rows of requests.status.required
SELECT
  "status" AS "status"
FROM "public"."requests"
WHERE "status" IS NULL
LIMIT 100;

-- failed rows of requests.status.between
SELECT
  "status" AS "status"
FROM "public"."requests"
WHERE "status" NOT BETWEEN 100 AND 599
LIMIT 100;

-- failed rows of requests.millis.required
SELECT
  "millis" AS "millis"
FROM "public"."requests"
WHERE "millis" IS NULL
LIMIT 100;

-- failed rows of requests.millis.compare
SELECT
  "millis" AS "millis"
FROM "public"."requests"
WHERE "millis" < 0
LIMIT 100;

-- failed rows of requests.no_content
SELECT
  "size" AS "size",
  "status" AS "status"
FROM "public"."requests"
WHERE "status" IN (204, 304)
  AND NOT ("size" IS NULL OR "size" = 0)
LIMIT 100;

-- failed rows of requests.redirects_are_get
SELECT
  "method" AS "method",
  "status" AS "status"
FROM "public"."requests"
WHERE "status" BETWEEN 300 AND 399
  AND "method" <> 'GET'
LIMIT 100;

-- failed rows of requests.agent.missing
SELECT
  "agent" AS "agent"
FROM "public"."requests"
WHERE "agent" IS NULL OR "agent" IN ('-')
LIMIT 100;

-- failed rows of requests.traversal
SELECT
  "path" AS "path"
FROM "public"."requests"
WHERE CONTAINS("path", '..')
LIMIT 100;
