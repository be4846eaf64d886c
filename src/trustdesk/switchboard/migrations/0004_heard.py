from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("switchboard", "0003_forgetting")]
    operations = [migrations.AddField("call", "heard", models.IntegerField(default=0))]
