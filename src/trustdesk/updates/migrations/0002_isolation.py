from django.db import migrations

from trustdesk.isolation.api import owned

# What hangs on a change, or on a round of audits, goes with it.
KEYS = """
ALTER TABLE updates_applied ADD CONSTRAINT updates_applied_change_fk
  FOREIGN KEY (controller_id, change_id) REFERENCES updates_change (controller_id, id) ON DELETE CASCADE;
ALTER TABLE updates_review ADD CONSTRAINT updates_review_change_fk
  FOREIGN KEY (controller_id, change_id) REFERENCES updates_change (controller_id, id) ON DELETE CASCADE;
ALTER TABLE updates_audit ADD CONSTRAINT updates_audit_round_fk
  FOREIGN KEY (controller_id, round_id) REFERENCES updates_audit_round (controller_id, id) ON DELETE CASCADE;
"""
NO_KEYS = """
ALTER TABLE updates_audit DROP CONSTRAINT updates_audit_round_fk;
ALTER TABLE updates_review DROP CONSTRAINT updates_review_change_fk;
ALTER TABLE updates_applied DROP CONSTRAINT updates_applied_change_fk;
"""


class Migration(migrations.Migration):
    dependencies = [("updates", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("updates_profile"),
        *owned("updates_departed"),
        *owned("updates_change"),
        *owned("updates_applied"),
        *owned("updates_review"),
        *owned("updates_audit_round"),
        *owned("updates_audit"),
        *owned("updates_duplicate"),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
