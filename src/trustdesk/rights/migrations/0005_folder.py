from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("rights", "0004_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="folder",
            field=models.TextField(default="INBOX"),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
    ]
