from django.db import migrations

from trustdesk.isolation.api import owned

# Each led by the controller, so that none points into another company. What belongs to a conversation goes with it; a
# complaint file stays, because a law keeps it.
FOREIGN_KEYS = [
    ("conversation", "customer", "customer_id", "register_customer (controller_id, id) ON DELETE CASCADE"),
    ("interaction", "conversation", "conversation_id", "conversations_conversation (controller_id, id) ON DELETE CASCADE"),
    ("party", "conversation", "conversation_id", "conversations_conversation (controller_id, id) ON DELETE CASCADE"),
    ("party", "interaction", "interaction_id", "conversations_interaction (controller_id, id) ON DELETE CASCADE"),
    ("note", "conversation", "conversation_id", "conversations_conversation (controller_id, id) ON DELETE CASCADE"),
    (
        "note",
        "interaction",
        "interaction_id",
        "conversations_interaction (controller_id, id) ON DELETE SET NULL (interaction_id)",
    ),
    ("followup", "conversation", "conversation_id", "conversations_conversation (controller_id, id) ON DELETE CASCADE"),
    ("event", "conversation", "conversation_id", "conversations_conversation (controller_id, id) ON DELETE CASCADE"),
    ("viewer", "conversation", "conversation_id", "conversations_conversation (controller_id, id) ON DELETE CASCADE"),
    (
        "complaint",
        "conversation",
        "conversation_id",
        "conversations_conversation (controller_id, id) ON DELETE SET NULL (conversation_id)",
    ),
    (
        "complaint",
        "interaction",
        "interaction_id",
        "conversations_interaction (controller_id, id) ON DELETE SET NULL (interaction_id)",
    ),
]


def foreign_key(table, name, columns, target):
    return migrations.RunSQL(
        f"ALTER TABLE conversations_{table} ADD CONSTRAINT conversations_{table}_{name}_fk"
        f" FOREIGN KEY (controller_id, {columns}) REFERENCES {target}",
        f"ALTER TABLE conversations_{table} DROP CONSTRAINT conversations_{table}_{name}_fk",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0001_initial"),
        ("register", "0002_isolation"),
        ("isolation", "0001_scope"),
    ]
    operations = [
        *owned("conversations_conversation"),
        *owned("conversations_interaction"),
        *owned("conversations_party"),
        *owned("conversations_note"),
        *owned("conversations_followup"),
        *owned("conversations_event"),
        *owned("conversations_complaint"),
        *owned("conversations_disposition"),
        *owned("conversations_queuerule"),
        *owned("conversations_miss"),
        *owned("conversations_viewer"),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
    ]
