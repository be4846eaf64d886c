from django.db import migrations, models

from trustdesk.isolation.api import owned

# As for data keys and files; a wrapper is the controller's key or a customer's, and lives when something is put under it.
GUARDED = """
CREATE FUNCTION vault_stream_wrapper_lives() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF EXISTS (
    SELECT FROM made WHERE made.destroyed_at IS NULL AND made.customer_id IS NULL AND NOT EXISTS (
      SELECT FROM public.vault_controller_key AS held
      WHERE held.controller_id = made.controller_id AND held.version = made.controller_key_version
        AND held.destroyed_at IS NULL
    )
  ) OR EXISTS (
    SELECT FROM made WHERE made.destroyed_at IS NULL AND made.customer_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM public.vault_data_key AS held
      WHERE held.controller_id = made.controller_id AND held.customer_id = made.customer_id
        AND held.retention_class = made.retention_class AND held.destroyed_at IS NULL
    )
  ) THEN
    RAISE EXCEPTION 'a recording''s key needs a living key around it' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER vault_stream_key_wrapper_lives AFTER INSERT ON vault_stream_key
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION vault_stream_wrapper_lives();
CREATE TRIGGER vault_stream_key_new_wrapper_lives AFTER UPDATE ON vault_stream_key
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION vault_stream_wrapper_lives();
CREATE TRIGGER vault_stream_key_stays_destroyed BEFORE UPDATE ON vault_stream_key
  FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION vault_key_stays_destroyed();
REVOKE DELETE, TRUNCATE ON vault_stream_key FROM trustdesk_app;
"""
UNGUARDED = """
GRANT DELETE ON vault_stream_key TO trustdesk_app;
DROP TRIGGER vault_stream_key_stays_destroyed ON vault_stream_key;
DROP TRIGGER vault_stream_key_new_wrapper_lives ON vault_stream_key;
DROP TRIGGER vault_stream_key_wrapper_lives ON vault_stream_key;
DROP FUNCTION vault_stream_wrapper_lives();
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0004_files")]
    operations = [
        migrations.CreateModel(
            name="StreamKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "controller_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.IntegerField()),
                ("id", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField(null=True)),
                ("retention_class", models.TextField(default="")),
                ("controller_key_version", models.IntegerField(null=True)),
                ("wrapped", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "vault_stream_key",
                "indexes": [
                    models.Index(
                        condition=models.Q(("customer_id__isnull", False)),
                        fields=["controller_id", "customer_id"],
                        name="vault_stream_key_customer",
                    ),
                    models.Index(
                        condition=models.Q(("customer_id__isnull", True), ("destroyed_at__isnull", True)),
                        fields=["controller_id", "controller_key_version"],
                        name="vault_stream_key_unfiled",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at__isnull", False), ("wrapped__isnull", True)),
                            models.Q(("destroyed_at__isnull", True), ("wrapped__isnull", False)),
                            _connector="OR",
                        ),
                        name="vault_stream_key_destroyed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("controller_key_version__isnull", False),
                                ("customer_id__isnull", True),
                                ("retention_class", ""),
                            ),
                            models.Q(
                                ("controller_key_version__isnull", True),
                                ("customer_id__isnull", False),
                                ("retention_class__regex", "^(service|statutory:[A-Za-z0-9._-]{1,60})$"),
                            ),
                            _connector="OR",
                        ),
                        name="vault_stream_key_one_wrapper",
                    ),
                ],
            },
        ),
        *owned("vault_stream_key"),
        migrations.RunSQL(GUARDED, UNGUARDED),
    ]
