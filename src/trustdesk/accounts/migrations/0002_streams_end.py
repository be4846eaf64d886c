from django.db import migrations

from trustdesk.live.api import ends_streams


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("live", "0001_ends")]
    operations = [
        # Signing out, expiry and "end all sessions" delete rows; a new password makes old sessions worthless.
        ends_streams("accounts_session", "session", "session_key", on="DELETE"),
        ends_streams("accounts_operator", "operator", "id", on="UPDATE OF password, session_epoch, disabled_at"),
    ]
