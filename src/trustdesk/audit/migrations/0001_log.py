from pathlib import Path

from django.db import migrations

from trustdesk.isolation.api import owned

HERE = Path(__file__).parent.parent
OWNED = (
    "audit_entry",
    "audit_list",
    "audit_leaf",
    "audit_node",
    "audit_tree",
    "audit_checkpoint",
    "audit_subject",
    "audit_key",
    "audit_handout",
    "audit_check",
)
DROP = f"DROP FUNCTION audit_write_opening; DROP TABLE audit_position, audit_installation_key, {', '.join(reversed(OWNED))}"
SEQUENCER = "CREATE POLICY sequencer ON {0} TO trustdesk_sequencer USING (true) WITH CHECK (true)"

UNDO_RIGHTS = "".join(f"DROP POLICY {name} ON audit_entry;" for name in ("installation", "sequencer", "commitment"))


class Migration(migrations.Migration):
    initial = True
    dependencies = [("isolation", "0001_scope")]
    operations = [
        migrations.RunSQL((HERE / "schema.sql").read_text(), DROP),
        *(operation for table in OWNED for operation in owned(table, append_only=True)),
        *(migrations.RunSQL(SEQUENCER.format(table), f"DROP POLICY sequencer ON {table}") for table in OWNED[1:]),
        migrations.RunSQL((HERE / "rights.sql").read_text(), UNDO_RIGHTS),
    ]
