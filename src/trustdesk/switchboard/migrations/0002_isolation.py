from django.db import migrations

from trustdesk.isolation.api import owned

_CUSTOMER = """
ALTER TABLE switchboard_call ADD CONSTRAINT switchboard_call_customer_fk FOREIGN KEY (controller_id, customer_id)
  REFERENCES register_customer (controller_id, id) ON DELETE SET NULL (customer_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("switchboard", "0001_initial"),
        ("register", "0002_isolation"),
        ("isolation", "0001_scope"),
    ]
    operations = [
        *owned("switchboard_call"),
        *owned("switchboard_wait", append_only=True),
        *owned("switchboard_spell", append_only=True),
        *owned("switchboard_agent"),
        *owned("switchboard_callback"),
        migrations.RunSQL(_CUSTOMER, "ALTER TABLE switchboard_call DROP CONSTRAINT switchboard_call_customer_fk"),
    ]
