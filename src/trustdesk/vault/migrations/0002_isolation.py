from django.db import migrations

from trustdesk.isolation.api import owned

# Once a statement, not once a row as a foreign key would: a key is never written under a wrapper that is destroyed.
WRAPPER = """
CREATE FUNCTION vault_wrapper_lives() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT controller_id, controller_key_version AS version FROM made) AS used
    WHERE NOT EXISTS (
      SELECT FROM public.vault_controller_key AS held
      WHERE held.controller_id = used.controller_id AND held.version = used.version AND held.destroyed_at IS NULL
    )
  ) THEN
    RAISE EXCEPTION 'a data key needs a living controller key' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER vault_data_key_wrapper_lives AFTER INSERT ON vault_data_key
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION vault_wrapper_lives();
"""
NO_WRAPPER = """
DROP TRIGGER vault_data_key_wrapper_lives ON vault_data_key;
DROP FUNCTION vault_wrapper_lives();
"""

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
