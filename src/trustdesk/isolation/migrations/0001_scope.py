from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "scope.sql").read_text()
UNDO = """
DROP FUNCTION trustdesk_scope_controller(), trustdesk_scope_mandate(), trustdesk_scope_operator(),
  trustdesk_scope_part(integer);
DROP TABLE isolation_scope_key;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(SQL, UNDO)]
