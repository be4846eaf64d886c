from django.db import migrations, models

# Each erasure looks for the merges of a customer from both sides, and so do the foreign keys when the customer goes:
# without an index each of them reads every merge of the company.


class Migration(migrations.Migration):
    dependencies = [("register", "0006_product_groups")]
    operations = [
        migrations.AddIndex(
            "merge", models.Index(name="register_merge_customer", fields=["controller_id", "customer_id"])
        ),
        migrations.AddIndex("merge", models.Index(name="register_merge_into", fields=["controller_id", "into_id"])),
    ]
