from pathlib import Path

from django.db import migrations

from trustdesk.isolation.api import opened_to_scope

SQL = (Path(__file__).parent.parent / "sql" / "facts.sql").read_text()
UNDO = "DROP FUNCTION clearance_facts"
READ = (
    "clearance_setup",
    "clearance_consent_event",
    "clearance_objection",
    "clearance_point",
    "clearance_suppression",
    "clearance_outside_entry",
    "clearance_collection",
    "register_customer",
    "register_source",
    "register_value",
)


class Migration(migrations.Migration):
    dependencies = [("clearance", "0002_isolation")]
    operations = [*(opened_to_scope(table) for table in READ), migrations.RunSQL(SQL, UNDO)]
