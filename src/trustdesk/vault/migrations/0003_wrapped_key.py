from django.db import migrations

# For statements of other capabilities that bring the key of a value along with it: inlined by the planner, under the
# caller's rights, so that the policies decide. What it gives is of no use without the controller's key.
WRAPPED_KEY = """
CREATE FUNCTION vault_wrapped_key(controller integer, customer bigint, class text)
RETURNS TABLE (version integer, box bytea) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT held.controller_key_version, held.wrapped FROM vault_data_key AS held
  WHERE held.controller_id = controller AND held.customer_id = customer AND held.retention_class = class
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_isolation")]
    operations = [migrations.RunSQL(WRAPPED_KEY, "DROP FUNCTION vault_wrapped_key(integer, bigint, text)")]
