from django.db import migrations

from trustdesk.isolation.api import owned

# Each led by the controller, so that none points into another company. What is about a customer goes with the customer.
FOREIGN_KEYS = [
    ("campaigns_campaign", "run", "run_id", "screening_run (controller_id, id)"),
    ("campaigns_disposition", "campaign", "campaign_id", "campaigns_campaign (controller_id, id)"),
    ("campaigns_target", "campaign", "campaign_id", "campaigns_campaign (controller_id, id)"),
    ("campaigns_target", "customer", "customer_id", "register_customer (controller_id, id) ON DELETE CASCADE"),
    (
        "campaigns_attempt",
        "target",
        "campaign_id, customer_id",
        "campaigns_target (controller_id, campaign_id, customer_id) ON DELETE CASCADE",
    ),
]


def foreign_key(table, name, columns, target):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name}_fk FOREIGN KEY (controller_id, {columns}) REFERENCES {target}",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_fk",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("screening", "0002_isolation"),
        ("register", "0002_isolation"),
        ("isolation", "0001_scope"),
    ]
    operations = [
        *owned("campaigns_campaign"),
        *owned("campaigns_disposition", append_only=True),
        *owned("campaigns_target"),
        *owned("campaigns_attempt"),
        *(foreign_key(*key) for key in FOREIGN_KEYS),
        # What is sent, to whom it was meant and within which limits is never changed; what is wanted otherwise is another one.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON campaigns_campaign FROM trustdesk_app;"
            " GRANT UPDATE (state, reason, people, left_out, started_at, started_by, operator_id, mandate_id,"
            " access_purpose, changed_at, heard_at) ON campaigns_campaign TO trustdesk_app",
            "REVOKE UPDATE ON campaigns_campaign FROM trustdesk_app;"
            " GRANT UPDATE, DELETE ON campaigns_campaign TO trustdesk_app",
        ),
    ]
