-- The runtime role writes entries, lists and keys of its controller, and reads; nothing else.
REVOKE INSERT ON audit_entry FROM trustdesk_app;
GRANT INSERT (controller_id, id, at, kind, key_period, body, subjects, list_digest) ON audit_entry TO trustdesk_app;
REVOKE INSERT, UPDATE, DELETE ON audit_leaf, audit_node, audit_tree, audit_checkpoint, audit_subject, audit_handout,
  audit_check FROM trustdesk_app;
REVOKE ALL ON audit_position FROM trustdesk_app;
REVOKE UPDATE, DELETE ON audit_installation_key FROM trustdesk_app;

-- Deeds without a controller: anybody may add to the installation's log, nobody reads it with the runtime role.
CREATE POLICY installation ON audit_entry FOR INSERT TO trustdesk_app 
  WITH CHECK (controller_id = 0 AND kind = 'deed');

-- The sequencer sees the log of all controllers and nothing but the log. It holds no key of a body.
CREATE POLICY sequencer ON audit_entry FOR SELECT TO trustdesk_sequencer USING (true);
CREATE POLICY commitment ON audit_entry FOR INSERT TO trustdesk_sequencer
  WITH CHECK (controller_id = 0 AND kind = 'checkpoint');
GRANT SELECT ON audit_entry, audit_list, audit_leaf, audit_node, audit_tree, audit_checkpoint, audit_subject, audit_key,
  audit_installation_key, audit_handout, audit_check, audit_position TO trustdesk_sequencer;
GRANT INSERT (controller_id, id, at, kind, key_period, body) ON audit_entry TO trustdesk_sequencer;
GRANT INSERT ON audit_leaf, audit_node, audit_tree, audit_checkpoint, audit_subject, audit_handout, audit_check
  TO trustdesk_sequencer;
GRANT UPDATE (size, peaks) ON audit_tree TO trustdesk_sequencer;
GRANT UPDATE (cluster, xid, controller_id, entry_id) ON audit_position TO trustdesk_sequencer;
GRANT UPDATE (wrapped, destroyed_at) ON audit_key, audit_installation_key TO trustdesk_sequencer;
GRANT DELETE ON audit_subject TO trustdesk_sequencer;
