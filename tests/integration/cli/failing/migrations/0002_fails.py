from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("failing", "0001_before")]
    operations = [migrations.RunSQL("SELECT 1 / 0", migrations.RunSQL.noop)]
