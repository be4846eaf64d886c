from django.db import migrations

from trustdesk.live.api import ends_streams


class Migration(migrations.Migration):
    dependencies = [("mandates", "0002_calls"), ("live", "0001_ends")]
    operations = [
        ends_streams("mandates_mandate", "mandate", "controller_id", "id", on="UPDATE OR DELETE"),
        ends_streams(
            "mandates_seat", "seat", "controller_id", "mandate_id", "operator_id", on="UPDATE OR DELETE"
        ),
    ]
