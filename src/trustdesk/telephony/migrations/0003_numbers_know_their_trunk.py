from django.db import migrations

# Numbers of trunks that are gone already. The owner is under the policies too, but for this statement.
CLEAR = """
ALTER TABLE telephony_number NO FORCE ROW LEVEL SECURITY;
UPDATE telephony_number SET trunk_id = NULL
WHERE trunk_id IS NOT NULL AND NOT EXISTS (SELECT FROM telephony_trunk t WHERE t.id = telephony_number.trunk_id);
ALTER TABLE telephony_number FORCE ROW LEVEL SECURITY;
"""
# A trunk belongs to the installation, so the key is not led by the controller. Whoever takes it away is told of the
# numbers that are used; those of companies that are closed, which nobody can change, lose it here.
KEY = """
ALTER TABLE telephony_number ADD CONSTRAINT telephony_number_trunk_fk FOREIGN KEY (trunk_id)
REFERENCES telephony_trunk (id) ON DELETE SET NULL
"""


class Migration(migrations.Migration):
    dependencies = [("telephony", "0002_isolation")]
    operations = [
        migrations.RunSQL(CLEAR, migrations.RunSQL.noop),
        migrations.RunSQL(KEY, "ALTER TABLE telephony_number DROP CONSTRAINT telephony_number_trunk_fk"),
    ]
