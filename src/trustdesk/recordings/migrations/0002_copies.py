from django.db import migrations, models

# What was recorded before has no rule of its own for copies: a month is what counts everywhere (GDPR Art. 12(3)).
A_MONTH = 30


class Migration(migrations.Migration):
    dependencies = [("recordings", "0001_initial")]
    operations = [
        migrations.AddField("recording", "copy_days", models.IntegerField(default=A_MONTH), preserve_default=False),
        migrations.AddField("listening", "customer_id", models.BigIntegerField(null=True)),
    ]
