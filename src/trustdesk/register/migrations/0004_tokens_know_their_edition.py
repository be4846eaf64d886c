from django.db import migrations, models

CHANGEABLE = "token_edition, country"


class Migration(migrations.Migration):
    dependencies = [("register", "0003_found")]
    operations = [
        migrations.AddField(
            model_name="customer",
            name="country",
            field=models.TextField(default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="customer",
            name="token_edition",
            field=models.SmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("token_edition__lt", 1)),
                fields=["controller_id", "id"],
                name="register_customer_old_tokens",
            ),
        ),
        migrations.RunSQL(
            f"GRANT UPDATE ({CHANGEABLE}) ON register_customer TO trustdesk_app",
            f"REVOKE UPDATE ({CHANGEABLE}) ON register_customer FROM trustdesk_app",
        ),
    ]
