-- The customers that a question leads to, as lists show them, each with the wrapped key of its line: one round trip,
-- in which the scope lives until the statement ends. With the caller's rights, so the policies decide.

-- `meanings` cuts `tokens` into the ways the question can be read, the likeliest first: the next n tokens must all lead
-- to the customer, or, where n is negative, any of the next -n does. The first meaning that finds somebody counts.
-- Where customers are shown as one, several words may stand in several of their records.
CREATE OR REPLACE FUNCTION register_found(scope text, controller integer, tokens bigint[], meanings integer[], most integer)
RETURNS TABLE (
  id bigint, kind text, headline bytea, restricted boolean, merged_into bigint, key_version integer, key_box bytea
) LANGUAGE plpgsql AS $$
DECLARE
  size integer;
  first integer := 1;
  joined text;
  found bigint[];
  shown bigint[];
BEGIN
  PERFORM set_config('trustdesk.scope', scope, true), set_config('plan_cache_mode', 'force_generic_plan', true);
  FOREACH size IN ARRAY meanings LOOP
    IF size < 0 THEN
      -- The same walk along the index for every question: planned once.
      found := ARRAY(
        SELECT DISTINCT hit.customer_id FROM unnest(tokens[first : first - size - 1]) AS asked (token)
        CROSS JOIN LATERAL (
          SELECT t.customer_id FROM register_token t WHERE t.controller_id = controller AND t.token = asked.token
          ORDER BY t.customer_id DESC LIMIT most
        ) AS hit ORDER BY hit.customer_id DESC LIMIT most
      );
    ELSE
      -- Which of the words leads depends on how common each is, so the planner sees the tokens. All parts are numbers.
      joined := '';
      FOR n IN first + 1 .. first + size - 1 LOOP
        joined := joined || format(
          ' JOIN register_token t%1$s ON t%1$s.controller_id = t.controller_id'
          ' AND t%1$s.customer_id = t.customer_id AND t%1$s.token = %2$s', n, tokens[n]
        );
      END LOOP;
      EXECUTE format(
        'SELECT ARRAY(SELECT t.customer_id FROM register_token t%s WHERE t.controller_id = %s AND t.token = %s'
        ' ORDER BY t.customer_id DESC LIMIT %s)', joined, controller, tokens[first], most
      ) INTO found;
      -- Of those shown as one each word may stand in another record. They are few, so the first word leads: planned once.
      shown := ARRAY(
        SELECT j.customer_id FROM register_joint_token j
        WHERE j.controller_id = controller AND j.token = tokens[first] AND NOT EXISTS (
          SELECT FROM unnest(tokens[first + 1 : first + size - 1]) AS asked (token) WHERE NOT EXISTS (
            SELECT FROM register_joint_token o
            WHERE o.controller_id = controller AND o.token = asked.token AND o.customer_id = j.customer_id
          )
        ) ORDER BY j.customer_id DESC LIMIT most
      );
      IF shown <> '{}' THEN
        found := ARRAY(SELECT DISTINCT hit FROM unnest(found || shown) AS hit ORDER BY hit DESC LIMIT most);
      END IF;
    END IF;
    EXIT WHEN found <> '{}';
    first := first + abs(size);
  END LOOP;
  RETURN QUERY
    SELECT c.id, c.kind, c.headline, c.restricted_at IS NOT NULL, c.merged_into, held.version, held.box
    FROM unnest(found) AS hit (id)
    JOIN register_customer c ON c.controller_id = controller AND c.id = hit.id
    LEFT JOIN LATERAL vault_wrapped_key(c.controller_id, c.id, 'service') AS held ON true
    ORDER BY c.id DESC;
END $$;
