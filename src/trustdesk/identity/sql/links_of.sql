-- Which links of the scope's company lead to one of these customers.
--
-- SECURITY DEFINER, and on isolation's list with its reason: whether two arrays overlap is not leakproof, so that under
-- row-level security no index may answer it, and every link of the company is read. Only the scope's own controller is
-- asked for; without a living scope there is no row. What is told are numbers of links, which the policies then show or
-- do not.
CREATE FUNCTION identity_links_of(customers bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT l.id FROM public.identity_link AS l
  WHERE l.controller_id = (SELECT public.trustdesk_scope_controller())
    AND l.customers && $1 AND NOT (l.customers = '{}'::bigint[])
$$;
ALTER FUNCTION identity_links_of(bigint[]) OWNER TO trustdesk_scope;
GRANT EXECUTE ON FUNCTION identity_links_of(bigint[]) TO trustdesk_app;
