from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "form.sql").read_text()
UNDO = r"""
CREATE FUNCTION audit_write_opening(
  scope text, controller integer, entry bigint, written timestamptz, period text, sealed bytea, tokens bigint[]
) RETURNS void LANGUAGE plpgsql SECURITY INVOKER AS $$
BEGIN
  PERFORM set_config('trustdesk.scope', scope, true), set_config('synchronous_commit', 'on', true);
  INSERT INTO audit_entry (controller_id, id, at, kind, key_period, body, subjects)
  VALUES (controller, entry, written, 'opening', period, sealed, tokens);
END $$;
ALTER TABLE audit_entry
  ADD CONSTRAINT audit_entry_controller_id_check CHECK (controller_id >= 0),
  ADD CONSTRAINT audit_entry_kind_check CHECK (kind IN ('opening', 'deed', 'checkpoint')),
  ADD CONSTRAINT audit_entry_key_period_check CHECK (key_period ~ '^(\d{4}-\d{2})?$'),
  ADD CONSTRAINT audit_entry_list_digest_check CHECK (length(list_digest) = 32),
  ADD CONSTRAINT audit_entry_check CHECK ((kind = 'checkpoint') = (key_period = '')),
  ADD CONSTRAINT audit_entry_check1 CHECK (kind <> 'checkpoint' OR controller_id = 0);
DROP POLICY form ON audit_entry;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_log")]
    operations = [migrations.RunSQL(SQL, UNDO)]
