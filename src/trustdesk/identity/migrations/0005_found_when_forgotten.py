from pathlib import Path

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import Q

from trustdesk.isolation.api import opened_to_scope

SQL = (Path(__file__).parent.parent / "sql" / "links_of.sql").read_text()
UNDO = "DROP FUNCTION identity_links_of"


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_isolation_of_forms")]
    operations = [
        # Asked by every erasure, and by the foreign key for every customer who goes.
        migrations.AddIndex(
            "visit", models.Index(name="identity_visit_of", fields=["controller_id", "customer_id"])
        ),
        migrations.AddIndex(
            "confirmation", models.Index(name="identity_confirmation_of", fields=["controller_id", "customer_id"])
        ),
        migrations.AddIndex(
            "link",
            django.contrib.postgres.indexes.GinIndex(
                name="identity_link_customers", fields=["customers"], condition=~Q(customers=[])
            ),
        ),
        opened_to_scope("identity_link"),
        migrations.RunSQL(SQL, UNDO),
    ]
