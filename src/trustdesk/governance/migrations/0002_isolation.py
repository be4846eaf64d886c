from django.db import migrations

from trustdesk.isolation.api import owned

# What was taken down is not rewritten: how many people it touched may grow.
CHANGEABLE = {"governance_breach": "people, state", "governance_touched": ""}
TOUCHED = """
ALTER TABLE governance_touched ADD CONSTRAINT governance_touched_breach_fk FOREIGN KEY (controller_id, breach_id)
REFERENCES governance_breach (controller_id, id)
"""


def changeable(table, columns):
    allow = f"GRANT UPDATE ({columns}) ON {table} TO trustdesk_app" if columns else ""
    return migrations.RunSQL(
        f"REVOKE UPDATE ON {table} FROM trustdesk_app; {allow}", f"GRANT UPDATE ON {table} TO trustdesk_app"
    )


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *(operation for table in CHANGEABLE for operation in owned(table)),
        *(changeable(table, columns) for table, columns in CHANGEABLE.items()),
        migrations.RunSQL(
            "REVOKE DELETE ON governance_breach FROM trustdesk_app",
            "GRANT DELETE ON governance_breach TO trustdesk_app",
        ),
        migrations.RunSQL(TOUCHED, "ALTER TABLE governance_touched DROP CONSTRAINT governance_touched_breach_fk"),
    ]
