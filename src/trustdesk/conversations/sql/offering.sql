-- In which conversations of the scope's company somebody of these customers is offered.
--
-- SECURITY DEFINER, and on isolation's list with its reason: whether two arrays overlap is not leakproof, so that under
-- row-level security no index may answer it, and every conversation of the company is read. Only the scope's own
-- controller is asked for; without a living scope there is no row. What is told are numbers of conversations, which the
-- policies then show or do not.
CREATE FUNCTION conversations_offering(customers bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.id FROM public.conversations_conversation AS c
  WHERE c.controller_id = (SELECT public.trustdesk_scope_controller())
    AND c.matches && $1 AND NOT (c.matches = '{}'::bigint[])
$$;
ALTER FUNCTION conversations_offering(bigint[]) OWNER TO trustdesk_scope;
GRANT EXECUTE ON FUNCTION conversations_offering(bigint[]) TO trustdesk_app;
