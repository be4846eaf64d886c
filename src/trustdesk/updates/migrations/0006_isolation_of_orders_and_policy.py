from django.db import migrations

from trustdesk.isolation.api import owned

KEY = """
ALTER TABLE updates_candidate ADD CONSTRAINT updates_candidate_change_fk
  FOREIGN KEY (controller_id, change_id) REFERENCES updates_review (controller_id, change_id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("updates", "0005_orders_policy_undoing"), ("isolation", "0001_scope")]
    operations = [
        *owned("updates_order"),
        *owned("updates_policy"),
        *owned("updates_candidate"),
        migrations.RunSQL(KEY, "ALTER TABLE updates_candidate DROP CONSTRAINT updates_candidate_change_fk"),
    ]
