from django.db import migrations

# The own staff's mandate covers every operation there is, new ones too; what a processor may do stays as agreed.
FRESH = """
  'call:dial', 'call:supervise', 'call:take', 'complaint:handle',
  'conversation:find', 'conversation:manage', 'conversation:read', 'conversation:work',
  'recording:export', 'recording:hold', 'recording:listen', 'recording:read',
  'skill:manage', 'telephony:manage', 'telephony:read'
"""
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
    dependencies = [("mandates", "0007_operations_of_campaigns")]
    operations = [migrations.RunSQL(ADD, TAKE)]
