from django.db import migrations, models
from django.db.models import Q

# A reference that was said goes where its call has gone, and is forgotten with it.
KEY = """
ALTER TABLE conversations_conversation ADD CONSTRAINT conversations_conversation_joined_fk
FOREIGN KEY (controller_id, joined_to) REFERENCES conversations_conversation (controller_id, id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_kept_as_evidence")]
    operations = [
        migrations.AddField("conversation", "joined_to", models.BigIntegerField(null=True)),
        migrations.AddField("interaction", "unconfirmed", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "conversation",
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True)
                | Q(state="closed", customer_id__isnull=True, how="unidentified", matches=[]),
                name="conversations_joined_is_empty",
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["controller_id", "joined_to"],
                condition=Q(joined_to__isnull=False),
                name="conversations_joined",
            ),
        ),
        migrations.RunSQL(
            KEY, "ALTER TABLE conversations_conversation DROP CONSTRAINT conversations_conversation_joined_fk"
        ),
    ]
