from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_isolation")]
    operations = [
        migrations.AddField("conversation", "restricted_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "conversation",
            models.CheckConstraint(
                condition=models.Q(("restricted_at__isnull", True), ("customer_id__isnull", True), _connector="OR"),
                name="conversations_restricted_is_nobodys",
            ),
        ),
    ]
