from django.db import migrations, models

from trustdesk.isolation.api import owned

# Those of customers that are there already. The owner is under the policies too, but for this statement.
FILL = """
ALTER TABLE register_customer NO FORCE ROW LEVEL SECURITY;
INSERT INTO register_product_group (controller_id, name)
SELECT DISTINCT controller_id, unnest(product_groups) FROM register_customer WHERE product_groups <> '{}';
ALTER TABLE register_customer FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0005_joint_tokens"), ("isolation", "0001_scope")]
    operations = [
        migrations.CreateModel(
            name="ProductGroup",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "controller_id", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.IntegerField()),
                ("name", models.TextField()),
            ],
            options={"db_table": "register_product_group"},
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *owned("register_product_group"),
        migrations.RunSQL(
            "REVOKE UPDATE ON register_product_group FROM trustdesk_app",
            "GRANT UPDATE ON register_product_group TO trustdesk_app",
        ),
    ]
