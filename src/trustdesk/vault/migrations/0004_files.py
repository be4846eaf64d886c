from django.db import migrations, models

from trustdesk.isolation.api import owned

# As for data keys: never under a wrapper that is destroyed, and what is destroyed stays so.
GUARDED = """
CREATE TRIGGER vault_file_key_wrapper_lives AFTER INSERT ON vault_file_key
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION vault_wrapper_lives();
CREATE TRIGGER vault_file_key_stays_destroyed BEFORE UPDATE ON vault_file_key
  FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION vault_key_stays_destroyed();
REVOKE DELETE, TRUNCATE ON vault_file_key FROM trustdesk_app;
"""
UNGUARDED = """
GRANT DELETE ON vault_file_key TO trustdesk_app;
DROP TRIGGER vault_file_key_stays_destroyed ON vault_file_key;
DROP TRIGGER vault_file_key_wrapper_lives ON vault_file_key;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_wrapped_key")]
    operations = [
        migrations.CreateModel(
            name="FileKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "controller_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.IntegerField()),
                ("id", models.BigIntegerField()),
                ("controller_key_version", models.IntegerField()),
                ("wrapped", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "vault_file_key",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at__isnull", False), ("wrapped__isnull", True)),
                            models.Q(("destroyed_at__isnull", True), ("wrapped__isnull", False)),
                            _connector="OR",
                        ),
                        name="vault_file_key_destroyed",
                    )
                ],
            },
        ),
        *owned("vault_file_key"),
        migrations.RunSQL(GUARDED, UNGUARDED),
    ]
