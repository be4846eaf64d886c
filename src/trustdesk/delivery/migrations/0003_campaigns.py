from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_isolation")]
    operations = [
        migrations.AddField("message", "campaign_id", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["controller_id", "campaign_id", "changed_at"],
                condition=models.Q(campaign_id__isnull=False),
                name="delivery_message_campaign",
            ),
        ),
    ]
