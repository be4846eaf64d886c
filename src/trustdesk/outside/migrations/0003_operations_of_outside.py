from django.db import migrations

# The own staff's mandate covers every operation there is, new ones too; what a processor may do stays as agreed.
FRESH = "'connector:manage', 'connector:work'"
ADD = f"""
ALTER TABLE mandates_mandate NO FORCE ROW LEVEL SECURITY;
UPDATE mandates_mandate SET operations = ARRAY(
  SELECT DISTINCT name FROM unnest(operations || ARRAY[{FRESH}]::varchar[]) AS held (name) ORDER BY name)
WHERE processor_id IS NULL;
ALTER TABLE mandates_mandate FORCE ROW LEVEL SECURITY;
"""
TAKE = f"""
ALTER TABLE mandates_mandate NO FORCE ROW LEVEL SECURITY;
UPDATE mandates_mandate SET operations = ARRAY(
  SELECT name FROM unnest(operations) AS held (name) WHERE name <> ALL (ARRAY[{FRESH}]::varchar[]) ORDER BY name);
ALTER TABLE mandates_mandate FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("outside", "0002_isolation"), ("mandates", "0008_operations_of_calls")]
    operations = [migrations.RunSQL(ADD, TAKE)]
