from django.db import migrations

CREATE = "CREATE TABLE failing_table (id bigint PRIMARY KEY); DELETE FROM register_note;"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP TABLE failing_table")]
