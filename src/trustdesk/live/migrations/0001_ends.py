from django.db import migrations

from trustdesk.live.ends import FUNCTION


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION trustdesk_live_end()")]
