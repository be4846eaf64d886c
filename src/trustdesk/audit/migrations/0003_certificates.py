from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "certificates.sql").read_text()
UNDO = r"""
DROP POLICY form ON audit_entry;
CREATE POLICY form ON audit_entry AS RESTRICTIVE FOR INSERT WITH CHECK (
  CASE kind
    WHEN 'checkpoint' THEN key_period = '' AND controller_id = 0
    ELSE kind IN ('opening', 'deed') AND key_period ~ '^\d{4}-\d{2}$'
  END
  AND (list_digest IS NULL OR length(list_digest) = 32)
);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_form")]
    operations = [migrations.RunSQL(SQL, UNDO)]
