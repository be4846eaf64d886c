from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_imports_can_be_cancelled")]
    operations = [
        migrations.AlterField("savedmapping", "said", models.TextField()),
        migrations.AddField("savedmapping", "retired_at", models.DateTimeField(null=True)),
        migrations.AddField("savedmapping", "retired_by", models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            "savedmapping",
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=True, retired_by__isnull=True)
                | models.Q(retired_at__isnull=False, retired_by__isnull=False),
                name="intake_mapping_retired_by_someone",
            ),
        ),
        migrations.RunSQL(
            "GRANT UPDATE (retired_at, retired_by) ON intake_mapping TO trustdesk_app",
            "REVOKE UPDATE (retired_at, retired_by) ON intake_mapping FROM trustdesk_app",
        ),
    ]
