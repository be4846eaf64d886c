from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "found.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("register", "0002_isolation"), ("vault", "0003_wrapped_key")]
    operations = [
        migrations.RunSQL(SQL, "DROP FUNCTION register_found(text, integer, bigint[], integer[], integer)")
    ]
