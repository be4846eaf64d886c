from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clearance", "0004_contact_of_a_decision")]
    operations = [migrations.AddField("purpose", "other_labels", models.JSONField(default=dict))]
