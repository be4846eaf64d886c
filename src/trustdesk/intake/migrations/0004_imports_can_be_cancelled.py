from django.db import migrations, models

STATES = ["waiting", "running", "stopped", "cancelled", "finished"]


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_digests_go_with_their_customer")]
    operations = [
        migrations.RemoveConstraint(model_name="run", name="intake_run_state"),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="intake_run_state"),
        ),
        # Lists of imports go by their ids, which are in the order of time: the primary key serves.
        migrations.RemoveIndex(model_name="run", name="intake_run_newest"),
    ]
