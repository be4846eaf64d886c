from django.db import migrations

# The own staff's mandate covers every operation there is, new ones too; what a processor may do stays as agreed.
FRESH = "'feed:manage', 'feed:work', 'update:read', 'update:review', 'update:undo'"
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
    dependencies = [("updates", "0002_isolation"), ("mandates", "0009_operations_of_rights")]
    operations = [migrations.RunSQL(ADD, TAKE)]
