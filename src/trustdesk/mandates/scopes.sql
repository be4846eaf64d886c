-- Who is choosing: the operator of a signed scope that names no controller yet, NULL for any other.
CREATE FUNCTION trustdesk_scope_chooser() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS
$$ SELECT public.trustdesk_scope_part(2) WHERE public.trustdesk_scope_part(1) = 0 $$;

-- Whose mandates are administered: the controller of a signed scope with mandate 0, NULL for any other.
CREATE FUNCTION trustdesk_scope_administered() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS
$$ SELECT public.trustdesk_scope_part(1)::integer
   WHERE public.trustdesk_scope_part(3) = 0 AND public.trustdesk_scope_part(1) <> 0 $$;

ALTER FUNCTION trustdesk_scope_chooser() OWNER TO trustdesk_scope;
ALTER FUNCTION trustdesk_scope_administered() OWNER TO trustdesk_scope;
GRANT EXECUTE ON FUNCTION trustdesk_scope_chooser(), trustdesk_scope_administered() TO trustdesk_app, trustdesk_owner;

CREATE POLICY administered ON mandates_mandate TO trustdesk_app
  USING (controller_id = (SELECT trustdesk_scope_administered()))
  WITH CHECK (controller_id = (SELECT trustdesk_scope_administered()));
CREATE POLICY administered ON mandates_seat TO trustdesk_app
  USING (controller_id = (SELECT trustdesk_scope_administered()))
  WITH CHECK (controller_id = (SELECT trustdesk_scope_administered()));
CREATE POLICY administered ON mandates_api_token TO trustdesk_app
  USING (controller_id = (SELECT trustdesk_scope_administered()))
  WITH CHECK (controller_id = (SELECT trustdesk_scope_administered()));

CREATE POLICY own_seats ON mandates_seat FOR SELECT TO trustdesk_app
  USING (operator_id = (SELECT trustdesk_scope_chooser()));
-- The inner select sees own seats only, by the policy above.
CREATE POLICY mandates_of_own_seats ON mandates_mandate FOR SELECT TO trustdesk_app
  USING ((SELECT trustdesk_scope_chooser()) IS NOT NULL AND EXISTS (
    SELECT 1 FROM mandates_seat s
    WHERE s.controller_id = mandates_mandate.controller_id AND s.mandate_id = mandates_mandate.id
      AND s.operator_id = (SELECT trustdesk_scope_chooser())));

-- A seat and a token stand under a mandate of the same controller.
ALTER TABLE mandates_seat ADD CONSTRAINT mandates_seat_mandate
  FOREIGN KEY (controller_id, mandate_id) REFERENCES mandates_mandate (controller_id, id);
ALTER TABLE mandates_api_token ADD CONSTRAINT mandates_api_token_mandate
  FOREIGN KEY (controller_id, mandate_id) REFERENCES mandates_mandate (controller_id, id);
-- One seat at a time for one operator under one mandate. Ranges, because btree_gist may not be there.
ALTER TABLE mandates_seat ADD CONSTRAINT mandates_seat_one_at_a_time EXCLUDE USING gist (
  int4range(controller_id, controller_id, '[]') WITH &&,
  int8range(mandate_id, mandate_id, '[]') WITH &&,
  int8range(operator_id, operator_id, '[]') WITH &&,
  tstzrange(starts_at, ends_at) WITH &&);
CREATE INDEX mandates_seat_by_operator ON mandates_seat (operator_id, controller_id);
