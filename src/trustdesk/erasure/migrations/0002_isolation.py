from django.db import migrations

from trustdesk.isolation.api import owned

TABLES = ["task", "ledger", "told"]


def of_a_plan(table):
    return migrations.RunSQL(
        f"ALTER TABLE erasure_{table} ADD CONSTRAINT erasure_{table}_plan_fk FOREIGN KEY (controller_id, plan_id)"
        " REFERENCES erasure_plan (controller_id, id)",
        f"ALTER TABLE erasure_{table} DROP CONSTRAINT erasure_{table}_plan_fk",
    )


class Migration(migrations.Migration):
    dependencies = [("erasure", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("erasure_plan"),
        *owned("erasure_task"),
        *owned("erasure_ledger"),
        *owned("erasure_told"),
        *owned("erasure_sighting"),
        *(of_a_plan(table) for table in TABLES),
        # No plan is ever unmade, and who was erased stays so: tokens are only carried to a new key.
        migrations.RunSQL(
            "REVOKE DELETE, TRUNCATE ON erasure_plan, erasure_task, erasure_told, erasure_sighting FROM trustdesk_app;"
            " REVOKE TRUNCATE ON erasure_ledger FROM trustdesk_app",
            "GRANT DELETE ON erasure_plan, erasure_task, erasure_told, erasure_sighting TO trustdesk_app",
        ),
    ]
