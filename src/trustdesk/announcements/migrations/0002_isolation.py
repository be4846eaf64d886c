from django.db import migrations

from trustdesk.isolation.api import owned


class Migration(migrations.Migration):
    dependencies = [("announcements", "0001_initial"), ("isolation", "0001_scope")]
    # What was said to people is never changed.
    operations = owned("announcements_announcement", append_only=True)
