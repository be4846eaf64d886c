from django.db import migrations

from trustdesk.isolation.api import owned

WRAPPER = """
ALTER TABLE vault_data_key ADD CONSTRAINT vault_data_key_wrapper
  FOREIGN KEY (controller_id, controller_key_version) REFERENCES vault_controller_key (controller_id, version);
"""
NO_WRAPPER = "ALTER TABLE vault_data_key DROP CONSTRAINT vault_data_key_wrapper;"

# A destroyed key comes back by no way: not by an update, not by deleting the row that says so.
STAYS_DESTROYED = """
CREATE FUNCTION vault_key_stays_destroyed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.destroyed_at IS NOT NULL AND (NEW.wrapped IS NOT NULL OR NEW.destroyed_at IS DISTINCT FROM OLD.destroyed_at)
  THEN
    RAISE EXCEPTION 'a destroyed key stays destroyed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER vault_data_key_stays_destroyed BEFORE UPDATE ON vault_data_key
  FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION vault_key_stays_destroyed();
CREATE TRIGGER vault_controller_key_stays_destroyed BEFORE UPDATE ON vault_controller_key
  FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION vault_key_stays_destroyed();
REVOKE DELETE, TRUNCATE ON vault_data_key, vault_controller_key, vault_token_key FROM trustdesk_app;
"""
MAY_COME_BACK = """
GRANT DELETE ON vault_data_key, vault_controller_key, vault_token_key TO trustdesk_app;
DROP TRIGGER vault_controller_key_stays_destroyed ON vault_controller_key;
DROP TRIGGER vault_data_key_stays_destroyed ON vault_data_key;
DROP FUNCTION vault_key_stays_destroyed();
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("isolation", "0001_scope")]
    operations = [
        *owned("vault_controller_key"),
        *owned("vault_token_key"),
        *owned("vault_data_key"),
        migrations.RunSQL(WRAPPER, NO_WRAPPER),
        migrations.RunSQL(STAYS_DESTROYED, MAY_COME_BACK),
    ]
