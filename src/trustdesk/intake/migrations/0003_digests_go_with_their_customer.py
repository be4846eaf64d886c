from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_isolation")]
    operations = [
        # Whoever deletes a customer, or one merged into it, need not know that lists exist.
        migrations.RunSQL(
            "ALTER TABLE intake_row DROP CONSTRAINT intake_row_customer_fk;"
            " ALTER TABLE intake_row ADD CONSTRAINT intake_row_customer_fk FOREIGN KEY (controller_id, customer_id)"
            " REFERENCES register_customer (controller_id, id) ON DELETE CASCADE",
            "ALTER TABLE intake_row DROP CONSTRAINT intake_row_customer_fk;"
            " ALTER TABLE intake_row ADD CONSTRAINT intake_row_customer_fk FOREIGN KEY (controller_id, customer_id)"
            " REFERENCES register_customer (controller_id, id)",
        ),
    ]
