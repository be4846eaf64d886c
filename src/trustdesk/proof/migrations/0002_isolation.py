from django.db import migrations

from trustdesk.isolation.api import owned


def pointing(table, column, other):
    name = f"proof_{table}_{column}_fk"
    return migrations.RunSQL(
        f"ALTER TABLE proof_{table} ADD CONSTRAINT {name} FOREIGN KEY (controller_id, {column})"
        f" REFERENCES {other} (controller_id, id)",
        f"ALTER TABLE proof_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("proof", "0001_initial"), ("isolation", "0001_scope"), ("erasure", "0002_isolation")]
    operations = [
        *owned("proof_search"),
        *owned("proof_part"),
        *owned("proof_found"),
        *owned("proof_certificate", append_only=True),
        pointing("search", "plan_id", "erasure_plan"),
        pointing("certificate", "plan_id", "erasure_plan"),
        pointing("part", "search_id", "proof_search"),
        pointing("found", "search_id", "proof_search"),
        # What was found stays found, whatever was decided of it.
        migrations.RunSQL(
            "REVOKE DELETE, TRUNCATE ON proof_found, proof_part FROM trustdesk_app",
            "GRANT DELETE ON proof_found, proof_part TO trustdesk_app",
        ),
    ]
