from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_campaigns")]
    operations = [migrations.AddField("message", "former", models.BooleanField(default=False))]
