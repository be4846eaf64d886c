from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clearance", "0003_facts")]
    operations = [migrations.AddField("decision", "contact_id", models.BigIntegerField(null=True))]
