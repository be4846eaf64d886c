from django.db import migrations

from trustdesk.isolation.api import owned

# What counted once is not rewritten, and no number of what went is taken back.
KEPT = """
REVOKE UPDATE, DELETE, TRUNCATE ON retention_rule, retention_run, retention_tally FROM trustdesk_app;
GRANT UPDATE (ended_at, ended_by) ON retention_rule TO trustdesk_app;
GRANT UPDATE (state, dropped, by_kind, kind, key_first, key_second, changed_at, ended_at)
  ON retention_run TO trustdesk_app;
GRANT UPDATE (count) ON retention_tally TO trustdesk_app;
"""
FREE = "GRANT UPDATE, DELETE ON retention_rule, retention_run, retention_tally TO trustdesk_app"


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("retention_rule"),
        *owned("retention_run"),
        *owned("retention_tally"),
        migrations.RunSQL(KEPT, FREE),
    ]
