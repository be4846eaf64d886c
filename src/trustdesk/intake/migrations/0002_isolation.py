from django.db import migrations

from trustdesk.isolation.api import owned

# Each led by the controller, so that none points into another company.
FOREIGN_KEYS = [
    ("intake_run", "mapping", "mapping_id", "intake_mapping"),
    ("intake_run", "source", "source_id", "register_source"),
    ("intake_chunk", "run", "run_id", "intake_run"),
    ("intake_reject", "run", "run_id", "intake_run"),
    ("intake_row", "run", "run_id", "intake_run"),
    ("intake_row", "customer", "customer_id", "register_customer"),
]


def foreign_key(table, name, column, target):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name}_fk FOREIGN KEY (controller_id, {column})"
        f" REFERENCES {target} (controller_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_fk",
    )


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("register", "0002_isolation"), ("isolation", "0001_scope")]
    operations = [
        *owned("intake_mapping", append_only=True),
        *owned("intake_chunk", append_only=True),
        *owned("intake_reject", append_only=True),
        *owned("intake_run"),
        *owned("intake_row"),
        # A row's digest is forgotten with its customer and never changed; a run is never forgotten.
        migrations.RunSQL(
            "REVOKE UPDATE ON intake_row FROM trustdesk_app; REVOKE DELETE ON intake_run FROM trustdesk_app",
            "GRANT UPDATE ON intake_row TO trustdesk_app; GRANT DELETE ON intake_run TO trustdesk_app",
        ),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
    ]
