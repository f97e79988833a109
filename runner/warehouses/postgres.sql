-- Assay's diagnostics warehouse. To be run by somebody who may create roles, and schemas in this database.
-- Running it again changes nothing.
BEGIN;

DO $roles$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['@owner@', '@writer@', '@reader@'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
  -- Who is no superuser has to be the owner to make what the owner owns.
  IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
    GRANT "@owner@" TO CURRENT_USER;
  END IF;
END
$roles$;

CREATE SCHEMA IF NOT EXISTS "@schema@" AUTHORIZATION "@owner@";
SET LOCAL ROLE "@owner@";

CREATE TABLE IF NOT EXISTS "@schema@".format (version integer NOT NULL);
INSERT INTO "@schema@".format SELECT @format@ WHERE NOT EXISTS (SELECT FROM "@schema@".format);

CREATE TABLE IF NOT EXISTS "@schema@".runs (
  run      text PRIMARY KEY,
  contract text NOT NULL,
  version  text NOT NULL,
  now      timestamptz NOT NULL,
  outcome  text NOT NULL,
  report   json NOT NULL,
  written  timestamptz NOT NULL DEFAULT now(),
  expires  timestamptz
);
CREATE INDEX IF NOT EXISTS runs_of_contract ON "@schema@".runs (contract, now DESC);
CREATE INDEX IF NOT EXISTS runs_to_expire ON "@schema@".runs (expires);

CREATE TABLE IF NOT EXISTS "@schema@".captures (
  run     text NOT NULL,
  "check" text NOT NULL,
  place   text NOT NULL,
  rows    bigint NOT NULL,
  columns text[] NOT NULL,
  types   text[] NOT NULL,
  PRIMARY KEY (run, "check")
);

CREATE TABLE IF NOT EXISTS "@schema@".groups (
  run     text NOT NULL,
  "check" text NOT NULL,
  place   integer NOT NULL,
  keys    text[] NOT NULL,
  outcome text NOT NULL,
  value   text,
  failed  bigint,
  PRIMARY KEY (run, "check", place)
);

CREATE TABLE IF NOT EXISTS "@schema@".outbox (
  run       text PRIMARY KEY,
  envelope  bytea NOT NULL,
  written   timestamptz NOT NULL DEFAULT now(),
  delivered timestamptz
);
CREATE INDEX IF NOT EXISTS outbox_to_deliver ON "@schema@".outbox (written) WHERE delivered IS NULL;

-- The writer may not create tables: this does it, for names and types of one form.
CREATE OR REPLACE FUNCTION "@schema@".rows_table(name text, about text, names text[], types text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  shape text;
  known constant text := '^(boolean|smallint|integer|bigint|real|double precision|text|uuid|date|time'
    '|timestamp|timestamptz|numeric\(\d{1,3},\d{1,3}\))$';
BEGIN
  IF name !~ '^rows_[a-z0-9_]{1,58}$' OR cardinality(names) IS DISTINCT FROM cardinality(types)
    OR EXISTS (SELECT FROM unnest(types) AS t WHERE t IS NULL OR t !~ known) THEN
    RAISE EXCEPTION 'not a table of failed rows' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('@schema@'), hashtext(name));
  IF to_regclass(format('%I.%I', '@schema@', name)) IS NOT NULL THEN
    RETURN;
  END IF;
  SELECT string_agg(format(', %I %s', n, t), '' ORDER BY place) INTO shape
    FROM unnest(names, types) WITH ORDINALITY AS u(n, t, place);
  EXECUTE format('CREATE TABLE %I.%I (_run text NOT NULL, _row bigint NOT NULL, _odd text%s, '
    'PRIMARY KEY (_run, _row))', '@schema@', name, shape);
  EXECUTE format('COMMENT ON TABLE %I.%I IS %L', '@schema@', name, left(about, 500));
  EXECUTE format('GRANT INSERT, DELETE, SELECT (_run, _row) ON %I.%I TO %I', '@schema@', name, '@writer@');
  EXECUTE format('GRANT SELECT ON %I.%I TO %I', '@schema@', name, '@reader@');
END
$body$;
REVOKE ALL ON FUNCTION "@schema@".rows_table(text, text, text[], text[]) FROM PUBLIC;

GRANT USAGE ON SCHEMA "@schema@" TO "@writer@", "@reader@";
GRANT SELECT ON "@schema@".format TO "@writer@", "@reader@";

-- The writer adds and removes; of failed rows, keys of groups and reports it can read nothing back. The envelopes
-- in the outbox are what leaves anyway.
GRANT EXECUTE ON FUNCTION "@schema@".rows_table(text, text, text[], text[]) TO "@writer@";
GRANT INSERT, DELETE, SELECT (run, contract, now, written, expires) ON "@schema@".runs TO "@writer@";
GRANT INSERT, DELETE, SELECT ON "@schema@".captures TO "@writer@";
GRANT INSERT, DELETE, SELECT (run) ON "@schema@".groups TO "@writer@";
GRANT INSERT, DELETE, SELECT, UPDATE ON "@schema@".outbox TO "@writer@";

GRANT SELECT ON "@schema@".runs, "@schema@".captures, "@schema@".groups TO "@reader@";

COMMIT;
