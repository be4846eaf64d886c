from django.db import migrations


class Migration(migrations.Migration):
    """What is old is deleted, never changed (GDPR Art. 5(1)(e))."""

    dependencies = [("switchboard", "0002_isolation")]
    operations = [
        migrations.RunSQL(
            "GRANT DELETE ON switchboard_wait, switchboard_spell TO trustdesk_app",
            "REVOKE DELETE ON switchboard_wait, switchboard_spell FROM trustdesk_app",
        ),
    ]
