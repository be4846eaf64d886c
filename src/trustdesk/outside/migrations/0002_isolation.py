from django.db import migrations

from trustdesk.isolation.api import owned

# What was asked of a system goes with it.
RUNS = """
ALTER TABLE outside_run ADD CONSTRAINT outside_run_connector_fk
  FOREIGN KEY (controller_id, connector_id) REFERENCES outside_connector (controller_id, id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("outside", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("outside_connector"),
        *owned("outside_run"),
        migrations.RunSQL(RUNS, "ALTER TABLE outside_run DROP CONSTRAINT outside_run_connector_fk"),
    ]
