from django.db import migrations

from trustdesk.isolation.api import owned

FOREIGN_KEY = """
ALTER TABLE {table} ADD CONSTRAINT {table}_customer_fk FOREIGN KEY (controller_id, customer_id)
  REFERENCES register_customer (controller_id, id)
"""
NO_FOREIGN_KEY = "ALTER TABLE {table} DROP CONSTRAINT {table}_customer_fk"


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial"), ("register", "0002_isolation"), ("isolation", "0001_scope")]
    operations = [
        *owned("identity_link"),
        *owned("identity_visit"),
        *owned("identity_confirmation"),
        *(
            migrations.RunSQL(FOREIGN_KEY.format(table=table), NO_FOREIGN_KEY.format(table=table))
            for table in ("identity_visit", "identity_confirmation")
        ),
    ]
