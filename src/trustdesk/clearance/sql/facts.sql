-- The facts of one person for one question, in one round trip with the scope that opens them.
--
-- SECURITY DEFINER, and on isolation's list with its reason: under row-level security each table mentioned checks the
-- scope's signature anew, which for these tables takes longer than reading them. Here it is checked once, and every
-- table is asked for the scope's own controller only. Without a living scope there is no row.
--
-- Step by step, because each step then is a plan of one index, made once a session: the same in one statement takes
-- four times as long to be started as to run. What most people don't have (collected data, objections, suppressions) is
-- only looked for in another step's plan and read where it is; nothing is sorted, because for the one row that there
-- mostly is, making ready to sort takes longer than finding it. STABLE: all steps see the database at one instant.
--
-- `asked_customer` 0 is a stranger; `asked_value` NULL means every current point of the kind; `asked_tokens` are those of
-- a number typed by hand, 32 bytes each. `asked_now`: it is the moment of contact, and whatever is on record counts, also
-- if it was said in the moment between the caller's looking at the clock and its getting the customer's lock. What was
-- dated ahead when it was recorded waits for its day all the same.
CREATE FUNCTION clearance_facts(
  scope text, asked_customer bigint, asked_purpose bigint, asked_purpose_kind text, asked_channel text,
  asked_kind text, asked_value bigint, asked_tokens bytea, asked_loads bigint[], asked_at timestamptz,
  asked_now boolean,
  OUT setup_version bigint, OUT customer_kind text, OUT merged_into bigint, OUT country text, OUT point_countries text[],
  OUT restricted boolean, OUT bought boolean, OUT product_groups text[],
  OUT said text, OUT said_at timestamptz, OUT said_until timestamptz, OUT said_express boolean, OUT said_of_age boolean,
  OUT said_event bigint, OUT said_customer bigint, OUT presumed_at timestamptz, OUT requested boolean,
  OUT objected boolean, OUT points bigint, OUT suppressed boolean, OUT listed bigint[],
  OUT from_sale boolean, OUT told boolean, OUT refused boolean, OUT asked boolean
)
RETURNS SETOF record LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  own integer;
  ids bigint[];
  event record;
  strictest integer;
  point record;
  every refcursor;
  own_act timestamptz := '-infinity';  -- a consent by the person's own act, for just this purpose and channel
  came_at timestamptz := '-infinity';  -- the person came by an own act: a contract
  objected_at timestamptz;
  suppressed_at timestamptz;
  lifted_at timestamptz;
  collected boolean;
  objecting boolean;
BEGIN
  PERFORM set_config('trustdesk.scope', scope, true);
  own := public.trustdesk_scope_controller();
  IF own IS NULL THEN
    RETURN;
  END IF;

  SELECT (SELECT s.version FROM public.clearance_setup s WHERE s.controller_id = own),
      (SELECT array_agg(m.id) FROM public.register_customer m
        WHERE m.controller_id = own AND m.merged_into = asked_customer),
      EXISTS (SELECT FROM public.clearance_collection l WHERE l.controller_id = own AND l.customer_id = asked_customer),
      EXISTS (SELECT FROM public.clearance_objection o WHERE o.controller_id = own AND o.customer_id = asked_customer),
      c.kind, c.merged_into, nullif(c.country, ''),
      c.restricted_at IS NOT NULL OR EXISTS (
        SELECT FROM public.register_value v WHERE v.controller_id = own AND v.customer_id = asked_customer
          AND v.id = asked_value AND v.restricted_at IS NOT NULL),
      c.customer_since IS NOT NULL OR c.last_sale_date IS NOT NULL, c.product_groups
    INTO setup_version, ids, collected, objecting, customer_kind, merged_into, country, restricted, bought, product_groups
    FROM (SELECT) AS always
    LEFT JOIN public.register_customer c ON c.controller_id = own AND c.id = asked_customer;
  IF ids IS NULL THEN
    ids := ARRAY[asked_customer];
  ELSE
    SELECT restricted OR bool_or(c.restricted_at IS NOT NULL) OR EXISTS (
        SELECT FROM public.register_value v WHERE v.controller_id = own AND v.customer_id = ANY (ids)
          AND v.id = asked_value AND v.restricted_at IS NOT NULL),
        bought OR bool_or(c.customer_since IS NOT NULL OR c.last_sale_date IS NOT NULL)
      INTO restricted, bought FROM public.register_customer c WHERE c.controller_id = own AND c.id = ANY (ids);
    ids := asked_customer || ids;
    collected := true;
    objecting := true;
  END IF;

  -- The newest thing the person said counts; of several in the same instant the strictest. An end may speak of every
  -- channel; a consent never does (without one it lets data be given away, no more).
  requested := false;
  FOR event IN
    SELECT e.customer_id, e.id, e.state, e.strictness, e.at, e.until, e.express, e.of_age,
      e.state = 'given' AND e.by IN ('person', 'guardian') AND e.method <> 'import' AS by_person
    FROM public.clearance_consent_event e
    WHERE e.controller_id = own AND e.customer_id = ANY (ids) AND e.purpose_id = asked_purpose
      AND (e.at <= asked_at OR asked_now AND e.at <= e.recorded_at)
      AND (e.channel = asked_channel OR e.channel = '' AND e.state IN ('refused', 'withdrawn', 'expired'))
  LOOP
    IF event.state = 'requested' THEN
      requested := true;
    ELSIF event.state = 'presumed' THEN
      IF event.until IS NULL OR event.until > asked_at THEN
        presumed_at := greatest(presumed_at, event.at);
      END IF;
    ELSIF said IS NULL OR (event.at, event.strictness, coalesce(said_until, 'infinity'), said_express)
        > (said_at, strictest, coalesce(event.until, 'infinity'), event.express) THEN
      said := event.state;
      strictest := event.strictness;
      said_at := event.at;
      said_until := event.until;
      said_express := event.express;
      said_of_age := event.of_age;
      said_event := event.id;
      said_customer := event.customer_id;
    END IF;
    IF event.by_person THEN
      own_act := greatest(own_act, event.at);
    END IF;
  END LOOP;

  objected := false;
  IF objecting THEN
    SELECT max(o.at) FILTER (WHERE o.act = 'objected'), max(o.at) FILTER (WHERE o.act = 'lifted')
      INTO objected_at, lifted_at
      FROM public.clearance_objection o
      WHERE o.controller_id = own AND o.customer_id = ANY (ids)
        AND (o.at <= asked_at OR asked_now AND o.at <= o.recorded_at)
        AND (o.purpose_id IS NULL OR o.purpose_id = asked_purpose) AND o.purpose_kind IN ('', asked_purpose_kind)
        AND o.channel IN ('', asked_channel);
    objected := coalesce(objected_at >= greatest(lifted_at, own_act), false);
  END IF;

  points := 0;
  suppressed := false;
  LOOP
    IF asked_tokens IS NOT NULL THEN
      SELECT NULL::text AS country, array_agg(typed.token) AS tokens, NULL::bytea[] AS digests,
          bool_or(EXISTS (
            SELECT FROM public.clearance_suppression s WHERE s.controller_id = own AND s.token = typed.token)) AS held
        INTO point
        FROM (
          SELECT substr(asked_tokens, 32 * n + 1, 32) AS token
          FROM generate_series(0, length(asked_tokens) / 32 - 1) AS place (n)
        ) AS typed;
    ELSIF asked_value IS NOT NULL THEN
      SELECT max(t.country) AS country, array_agg(t.token) AS tokens,
          array_agg(t.hashed) || array_agg(t.domain) AS digests,
          bool_or(EXISTS (
            SELECT FROM public.clearance_suppression s WHERE s.controller_id = own AND s.token = t.token)) AS held
        INTO point
        FROM public.clearance_point t
        WHERE t.controller_id = own AND t.customer_id = ANY (ids) AND t.kind = asked_kind AND t.value_id = asked_value;
      EXIT WHEN point.tokens IS NULL;
    ELSE
      IF every IS NULL THEN
        OPEN every FOR
          SELECT max(t.country) AS country, array_agg(t.token) AS tokens,
            array_agg(t.hashed) || array_agg(t.domain) AS digests, true AS held
          FROM public.clearance_point t
          WHERE t.controller_id = own AND t.customer_id = ANY (ids) AND t.kind = asked_kind
          GROUP BY t.value_id;
      END IF;
      FETCH every INTO point;
      EXIT WHEN NOT FOUND;
    END IF;
    points := points + 1;
    IF point.country IS NOT NULL THEN
      point_countries := point_countries || point.country;
    END IF;
    IF point.held THEN
      SELECT max(s.at) FILTER (WHERE s.act = 'suppressed'), max(s.at) FILTER (WHERE s.act = 'lifted')
        INTO suppressed_at, lifted_at
        FROM public.clearance_suppression s
        WHERE s.controller_id = own AND s.token = ANY (point.tokens)
          AND (s.at <= asked_at OR asked_now AND s.at <= s.recorded_at)
          AND (s.purpose_id IS NULL OR s.purpose_id = asked_purpose) AND s.purpose_kind IN ('', asked_purpose_kind)
          AND s.channel IN ('', asked_channel);
      IF suppressed_at IS NOT NULL THEN
        -- A new act of the person is respected: a consent for this purpose and channel, and for the contract itself the
        -- person's coming.
        IF asked_purpose_kind IN ('contract', 'service', 'legal_duty') THEN
          SELECT coalesce(max(c.collected_at), '-infinity') INTO came_at FROM public.register_customer c
            JOIN public.register_source f ON f.controller_id = own AND f.id = c.source_id
            WHERE c.controller_id = own AND c.id = ANY (ids) AND f.kind = 'direct';
        END IF;
        suppressed := suppressed OR suppressed_at >= greatest(lifted_at, own_act, came_at);
      END IF;
    END IF;
    IF cardinality(asked_loads) > 0 THEN
      listed := listed || ARRAY(
        SELECT DISTINCT o.load_id FROM public.clearance_outside_entry o
        WHERE o.controller_id = own AND o.load_id = ANY (asked_loads) AND o.token = ANY (point.tokens || point.digests));
    END IF;
    EXIT WHEN asked_tokens IS NOT NULL OR asked_value IS NOT NULL;
  END LOOP;

  IF collected THEN
    SELECT (array_agg(l.from_sale ORDER BY l.at DESC, l.id DESC) FILTER (WHERE l.from_sale IS NOT NULL))[1],
        (array_agg(l.told ORDER BY l.at DESC, l.id DESC) FILTER (WHERE l.told IS NOT NULL))[1],
        (array_agg(l.refused ORDER BY l.at DESC, l.id DESC) FILTER (WHERE l.refused IS NOT NULL))[1],
        (array_agg(l.asked AND (l.asked_until IS NULL OR l.asked_until > asked_at) ORDER BY l.at DESC, l.id DESC)
          FILTER (WHERE l.asked IS NOT NULL))[1]
      INTO from_sale, told, refused, asked
      FROM public.clearance_collection l
      WHERE l.controller_id = own AND l.customer_id = ANY (ids) AND (l.value_id IS NULL OR l.value_id = asked_value)
        AND l.at <= asked_at;
  END IF;
  RETURN NEXT;
END $$;
ALTER FUNCTION clearance_facts(
  text, bigint, bigint, text, text, text, bigint, bytea, bigint[], timestamptz, boolean
) OWNER TO trustdesk_scope;
GRANT EXECUTE ON FUNCTION clearance_facts(
  text, bigint, bigint, text, text, text, bigint, bytea, bigint[], timestamptz, boolean
) TO trustdesk_app;
