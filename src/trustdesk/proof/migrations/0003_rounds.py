from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Searches are read for in rounds, one walk for many: a part is of a round, which is the first of its searches."""

    dependencies = [("proof", "0002_isolation")]
    operations = [
        migrations.AddField(
            model_name="search", name="round_id", field=models.BigIntegerField(null=True)
        ),
        # A walk of its own for each that has begun. The policies bind the owner too.
        migrations.RunSQL(
            """
            ALTER TABLE proof_search NO FORCE ROW LEVEL SECURITY;
            UPDATE proof_search SET round_id = id WHERE state <> 'prepared';
            ALTER TABLE proof_search FORCE ROW LEVEL SECURITY;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            # The column is a part of the primary key, which Django can't rename.
            state_operations=[
                migrations.DeleteModel(name="Part"),
                migrations.CreateModel(
                    name="Part",
                    fields=[
                        ("pk", models.CompositePrimaryKey("controller_id", "round_id", "kind", "name", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("controller_id", models.IntegerField()),
                        ("round_id", models.BigIntegerField()),
                        ("kind", models.TextField()),
                        ("name", models.TextField()),
                        ("state", models.TextField(default="waiting")),
                        ("reached", models.BinaryField(null=True)),
                        ("columns", models.IntegerField(default=0)),
                        ("rows", models.BigIntegerField(default=0)),
                        ("files", models.BigIntegerField(default=0)),
                        ("size", models.BigIntegerField(default=0)),
                        ("milliseconds", models.BigIntegerField(default=0)),
                        ("unread", models.JSONField(default=dict)),
                    ],
                    options={
                        "db_table": "proof_part",
                        "constraints": [
                            models.CheckConstraint(condition=Q(("kind__in", ["table", "sealed", "store"])), name="proof_part_kind"),
                            models.CheckConstraint(condition=Q(("state__in", ["waiting", "reading", "read"])), name="proof_part_state"),
                            models.CheckConstraint(condition=Q(Q(("state", "read"), _negated=True), ("reached__isnull", True), _connector="OR"), name="proof_part_read"),
                        ],
                    },
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    """
                    ALTER TABLE proof_part RENAME COLUMN search_id TO round_id;
                    ALTER TABLE proof_part RENAME CONSTRAINT proof_part_search_id_fk TO proof_part_round_id_fk;
                    """,
                    """
                    ALTER TABLE proof_part RENAME COLUMN round_id TO search_id;
                    ALTER TABLE proof_part RENAME CONSTRAINT proof_part_round_id_fk TO proof_part_search_id_fk;
                    """,
                ),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE proof_search ADD CONSTRAINT proof_search_round_id_fk FOREIGN KEY (controller_id, round_id)"
            " REFERENCES proof_search (controller_id, id)",
            "ALTER TABLE proof_search DROP CONSTRAINT proof_search_round_id_fk",
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.CheckConstraint(
                condition=Q(("round_id__isnull", True), ("state", "prepared"))
                | Q(Q(("state", "prepared"), _negated=True), ("round_id__isnull", False)),
                name="proof_search_in_a_round",
            ),
        ),
        migrations.AddIndex(
            model_name="search",
            index=models.Index(condition=Q(("round_id__isnull", False)), fields=["controller_id", "round_id"], name="proof_search_round"),
        ),
    ]
