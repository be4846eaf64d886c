-- Entries as they were written. `xid` is the writing transaction: the runtime role may not choose it, or it could
-- place an entry where the sequencer has already passed. `subjects` are blind tokens under the month's key.
CREATE TABLE audit_entry (
  controller_id integer NOT NULL CHECK (controller_id >= 0),
  id bigint NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('opening', 'deed', 'checkpoint')),
  key_period text NOT NULL CHECK (key_period ~ '^(\d{4}-\d{2})?$'),
  body bytea NOT NULL,
  subjects bigint[] NOT NULL DEFAULT '{}',
  list_digest bytea CHECK (length(list_digest) = 32),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (controller_id, id),
  -- Only the installation's log has checkpoints for entries, and they alone are not sealed.
  CHECK ((kind = 'checkpoint') = (key_period = '')),
  CHECK (kind <> 'checkpoint' OR controller_id = 0)
);
CREATE INDEX audit_entry_order ON audit_entry (xid, controller_id, id);

-- Pieces of a list too long for its entry; the entry holds their digest.
CREATE TABLE audit_list (
  controller_id integer NOT NULL,
  entry_id bigint NOT NULL,
  number integer NOT NULL CHECK (number >= 0),
  body bytea NOT NULL,
  subjects bigint[] NOT NULL,
  PRIMARY KEY (controller_id, entry_id, number),
  FOREIGN KEY (controller_id, entry_id) REFERENCES audit_entry (controller_id, id)
);

-- The tree: the hash of each entry at its number, and every 256th part of the tree above for quick proofs.
CREATE TABLE audit_leaf (
  controller_id integer NOT NULL,
  leaf_index bigint NOT NULL CHECK (leaf_index >= 0),
  entry_id bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (controller_id, leaf_index),
  UNIQUE (controller_id, entry_id)
);
CREATE TABLE audit_node (
  controller_id integer NOT NULL,
  level smallint NOT NULL CHECK (level > 0 AND level % 8 = 0),
  node_index bigint NOT NULL CHECK (node_index >= 0),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (controller_id, level, node_index)
);
CREATE TABLE audit_tree (
  controller_id integer PRIMARY KEY,
  size bigint NOT NULL CHECK (size >= 0),
  peaks bytea NOT NULL CHECK (length(peaks) % 32 = 0)
);
CREATE TABLE audit_checkpoint (
  controller_id integer NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  signed_at timestamptz NOT NULL,
  note text NOT NULL,
  PRIMARY KEY (controller_id, size)
);

-- Which entries concern a customer, by blind token: an index that can be made again, no part of the proof.
CREATE TABLE audit_subject (
  controller_id integer NOT NULL,
  token bigint NOT NULL,
  entry_id bigint NOT NULL,
  PRIMARY KEY (controller_id, token, entry_id)
);

-- The key of a month's bodies, wrapped; destroyed when the retention of the log is over.
CREATE TABLE audit_key (
  controller_id integer NOT NULL,
  period text NOT NULL CHECK (period ~ '^\d{4}-\d{2}$'),
  wrapped bytea,
  created_at timestamptz NOT NULL,
  destroyed_at timestamptz,
  PRIMARY KEY (controller_id, period),
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE TABLE audit_installation_key (
  period text PRIMARY KEY CHECK (period ~ '^\d{4}-\d{2}$'),
  wrapped bytea,
  created_at timestamptz NOT NULL,
  destroyed_at timestamptz,
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- What was handed to the client company, and when we last checked the tree ourselves.
CREATE TABLE audit_handout (
  controller_id integer NOT NULL,
  id bigint NOT NULL,
  at timestamptz NOT NULL,
  size bigint NOT NULL,
  PRIMARY KEY (controller_id, id)
);
CREATE TABLE audit_check (
  controller_id integer NOT NULL,
  id bigint NOT NULL,
  at timestamptz NOT NULL,
  size bigint NOT NULL,
  first_bad bigint,
  PRIMARY KEY (controller_id, id)
);

-- How far the sequencer has come. Transaction numbers mean something in one cluster only: in another one (a restore)
-- it starts over and skips what is numbered already.
CREATE TABLE audit_position (
  id smallint PRIMARY KEY CHECK (id = 1),
  cluster bigint NOT NULL,
  xid xid8 NOT NULL,
  controller_id integer NOT NULL,
  entry_id bigint NOT NULL
);
INSERT INTO audit_position SELECT 1, system_identifier, '0', -1, 0 FROM pg_control_system();

-- An opening in one statement, which is one round trip and one transaction: the scope lives until the commit that ends
-- it. With the caller's rights, so the policies decide. What was promised is on the disk, whatever the server's default.
CREATE FUNCTION audit_write_opening(
  scope text, controller integer, entry bigint, written timestamptz, period text, sealed bytea, tokens bigint[]
) RETURNS void LANGUAGE plpgsql SECURITY INVOKER AS $$
BEGIN
  PERFORM set_config('trustdesk.scope', scope, true), set_config('synchronous_commit', 'on', true);
  INSERT INTO audit_entry (controller_id, id, at, kind, key_period, body, subjects)
  VALUES (controller, entry, written, 'opening', period, sealed, tokens);
END $$;
