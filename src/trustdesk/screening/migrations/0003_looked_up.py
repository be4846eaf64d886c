from django.db import migrations

# Whoever was touched while a list was screened is looked for in it, by token or customer: a thousand among millions. A
# cell is in one of them, in two where its normaliser has changed.
LOOKED_UP = """
CREATE INDEX screening_row_token ON screening_row (controller_id, list_id, token) WHERE token IS NOT NULL;
CREATE INDEX screening_row_older ON screening_row (controller_id, list_id, (older[1])) WHERE older IS NOT NULL;
CREATE INDEX screening_row_customer ON screening_row (controller_id, list_id, customer_id) WHERE kind = 'customer';
"""
NOT_LOOKED_UP = "DROP INDEX screening_row_token, screening_row_older, screening_row_customer"


class Migration(migrations.Migration):
    dependencies = [("screening", "0002_isolation")]
    operations = [migrations.RunSQL(LOOKED_UP, NOT_LOOKED_UP)]
