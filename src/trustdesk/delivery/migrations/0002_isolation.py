from django.db import migrations

from trustdesk.isolation.api import owned

# Each led by the controller, so that none points into another company. What is about a customer goes with the customer, or
# with one merged into it: whoever forgets need not know that messages exist.
FOREIGN_KEYS = [
    ("delivery_message", "customer", "customer_id", "register_customer (controller_id, id) ON DELETE CASCADE"),
    ("delivery_turn", "message", "message_id", "delivery_message (controller_id, id) ON DELETE CASCADE"),
    ("delivery_call", "customer", "customer_id", "register_customer (controller_id, id) ON DELETE CASCADE"),
    ("delivery_call", "endpoint", "endpoint_id", "delivery_endpoint (controller_id, id)"),
    ("delivery_try", "call", "call_id", "delivery_call (controller_id, id) ON DELETE CASCADE"),
]


def foreign_key(table, name, column, target):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name}_fk FOREIGN KEY (controller_id, {column}) REFERENCES {target}",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_fk",
    )


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial"), ("register", "0002_isolation"), ("isolation", "0001_scope")]
    operations = [
        *owned("delivery_message"),
        *owned("delivery_turn", append_only=True),
        *owned("delivery_template", append_only=True),
        *owned("delivery_sender", append_only=True),
        *owned("delivery_endpoint"),
        *owned("delivery_call"),
        *owned("delivery_try", append_only=True),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
        # What a message says and to whom is never changed; an endpoint is switched off, never removed.
        migrations.RunSQL(
            "REVOKE UPDATE ON delivery_message FROM trustdesk_app;"
            " GRANT UPDATE (state, reason, reply, status, attempt, next_at, changed_at, decision_id, handed_at,"
            " delivered_at) ON delivery_message TO trustdesk_app; REVOKE DELETE ON delivery_endpoint FROM trustdesk_app",
            "REVOKE UPDATE ON delivery_message FROM trustdesk_app; GRANT UPDATE ON delivery_message TO trustdesk_app;"
            " GRANT DELETE ON delivery_endpoint TO trustdesk_app",
        ),
    ]
