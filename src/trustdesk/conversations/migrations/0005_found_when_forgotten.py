from pathlib import Path

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import Q

from trustdesk.isolation.api import opened_to_scope

SQL = (Path(__file__).parent.parent / "sql" / "offering.sql").read_text()
UNDO = "DROP FUNCTION conversations_offering"

# A conversation that goes takes its calls along, and each of these is asked by a foreign key for every one of them: without
# an index that reads all there are of the company.
FOLLOWED = {
    "conversations_party_in": ("party", "conversation_id", False),
    "conversations_notes_of": ("note", "interaction_id", True),
    "conversations_file_conversation": ("complaint", "conversation_id", True),
    "conversations_file_interaction": ("complaint", "interaction_id", True),
    "conversations_file_customer": ("complaint", "customer_id", True),
}


def index(name, column, partial):
    condition = Q(**{f"{column}__isnull": False}) if partial else None
    return models.Index(fields=["controller_id", column], condition=condition, name=name)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0004_calls_of_a_case")]
    operations = [
        *(
            migrations.AddIndex(model, index(name, column, partial))
            for name, (model, column, partial) in FOLLOWED.items()
        ),
        migrations.AddIndex(
            "conversation",
            django.contrib.postgres.indexes.GinIndex(
                fields=["matches"], condition=~Q(matches=[]), name="conversations_offers"
            ),
        ),
        opened_to_scope("conversations_conversation"),
        migrations.RunSQL(SQL, UNDO),
    ]
