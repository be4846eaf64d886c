from django.db import migrations

from trustdesk.isolation.api import owned


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_form")]
    operations = owned("identity_form")
