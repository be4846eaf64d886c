from pathlib import Path

from django.db import migrations, models

from trustdesk.isolation.api import owned

FOUND = (Path(__file__).parent.parent / "found.sql").read_text()

# Merges that stand already. The owner is under the policies too, but for this statement.
FILL = """
ALTER TABLE register_customer NO FORCE ROW LEVEL SECURITY;
ALTER TABLE register_token NO FORCE ROW LEVEL SECURITY;
INSERT INTO register_joint_token (controller_id, token, customer_id)
SELECT DISTINCT t.controller_id, t.token, record.shown FROM (
  SELECT controller_id, id, merged_into AS shown FROM register_customer WHERE merged_into IS NOT NULL
  UNION SELECT controller_id, merged_into, merged_into FROM register_customer WHERE merged_into IS NOT NULL
) AS record
JOIN register_token t ON t.controller_id = record.controller_id AND t.customer_id = record.id;
ALTER TABLE register_customer FORCE ROW LEVEL SECURITY;
ALTER TABLE register_token FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0004_tokens_know_their_edition"), ("isolation", "0001_scope")]
    operations = [
        migrations.CreateModel(
            name="JointToken",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "controller_id",
                        "token",
                        "customer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("controller_id", models.IntegerField()),
                ("token", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "register_joint_token",
                "indexes": [
                    models.Index(fields=["controller_id", "customer_id"], name="register_joint_token_customer")
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *owned("register_joint_token"),
        migrations.RunSQL(
            "REVOKE UPDATE ON register_joint_token FROM trustdesk_app",
            "GRANT UPDATE ON register_joint_token TO trustdesk_app",
        ),
        migrations.RunSQL(FOUND, migrations.RunSQL.noop),
    ]
