from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("recordings", "0002_copies")]
    operations = [
        migrations.AddIndex(
            "listening",
            models.Index(
                fields=["controller_id", "customer_id"],
                condition=Q(customer_id__isnull=False),
                name="recordings_listening_of",
            ),
        ),
    ]
