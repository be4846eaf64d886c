-- The key as the two pads of HMAC-SHA256: sha256() is in every PostgreSQL, pgcrypto is not.
CREATE TABLE isolation_scope_key (
  id smallint PRIMARY KEY,
  inner_pad bytea NOT NULL,
  outer_pad bytea NOT NULL
);
REVOKE ALL ON isolation_scope_key FROM trustdesk_app;
GRANT SELECT ON isolation_scope_key TO trustdesk_scope;

-- The signature is checked before anything else: what is signed has our own form, so nothing needs to be parsed with care,
-- and the check of a form alone would cost more than the signature (bounded repeats in a regular expression: 100 µs).

-- One part of the scope of this transaction (1 controller, 2 operator, 3 mandate), NULL unless signature and expiry hold.
CREATE FUNCTION trustdesk_scope_part(part integer) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  raw text := current_setting('trustdesk.scope', true);
BEGIN
  PERFORM 1 FROM public.isolation_scope_key k
    WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(left(raw, -65), 'UTF8'))), 'hex')
          = right(raw, 64);
  IF NOT FOUND OR to_timestamp(split_part(raw, '.', 5)::bigint) <= clock_timestamp() THEN
    RETURN NULL;
  END IF;
  RETURN split_part(raw, '.', part)::bigint;
END $$;

CREATE FUNCTION trustdesk_scope_operator() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS
$$ SELECT public.trustdesk_scope_part(2) $$;

-- The controller while the mandate lives: an ended mandate opens nothing, also for a scope signed before it ended.
-- Without inner calls, because every mention of an owned table asks it.
CREATE FUNCTION trustdesk_scope_controller() RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  raw text := current_setting('trustdesk.scope', true);
  controller integer;
BEGIN
  PERFORM 1 FROM public.isolation_scope_key k
    WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(left(raw, -65), 'UTF8'))), 'hex')
          = right(raw, 64);
  IF NOT FOUND OR to_timestamp(split_part(raw, '.', 5)::bigint) <= clock_timestamp() THEN
    RETURN NULL;
  END IF;
  SELECT m.controller_id INTO controller FROM public.mandates_mandate m
    WHERE m.controller_id = split_part(raw, '.', 1)::integer AND m.id = split_part(raw, '.', 3)::bigint
      AND m.starts_at <= clock_timestamp() AND (m.ends_at IS NULL OR clock_timestamp() < m.ends_at);
  RETURN controller;
END $$;

-- The mandate under the same conditions.
CREATE FUNCTION trustdesk_scope_mandate() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS
$$ SELECT CASE WHEN public.trustdesk_scope_controller() IS NOT NULL THEN public.trustdesk_scope_part(3) END $$;

ALTER FUNCTION trustdesk_scope_part(integer) OWNER TO trustdesk_scope;
ALTER FUNCTION trustdesk_scope_operator() OWNER TO trustdesk_scope;
ALTER FUNCTION trustdesk_scope_mandate() OWNER TO trustdesk_scope;
ALTER FUNCTION trustdesk_scope_controller() OWNER TO trustdesk_scope;
GRANT EXECUTE ON FUNCTION trustdesk_scope_operator(), trustdesk_scope_mandate(), trustdesk_scope_controller()
  TO trustdesk_app, trustdesk_owner;
