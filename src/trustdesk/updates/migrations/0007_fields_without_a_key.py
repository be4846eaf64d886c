from django.db import migrations

# The fields of a change are written with it, in one transaction and by one function. A key from one to the other is
# looked up row by row, each time under the policies: of a batch it took the longest of all its statements.
DROP = "ALTER TABLE updates_applied DROP CONSTRAINT updates_applied_change_fk"
ADD = """
ALTER TABLE updates_applied ADD CONSTRAINT updates_applied_change_fk
  FOREIGN KEY (controller_id, change_id) REFERENCES updates_change (controller_id, id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("updates", "0006_isolation_of_orders_and_policy")]
    operations = [migrations.RunSQL(DROP, ADD)]
