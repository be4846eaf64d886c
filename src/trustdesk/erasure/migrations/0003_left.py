from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("erasure", "0002_isolation")]
    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "done"), _negated=True),
                fields=["controller_id", "plan_id"],
                name="erasure_task_left",
            ),
        ),
    ]
