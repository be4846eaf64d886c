"""What intake remembers of lists: how they are read, what became of each, and which row became which customer.

No content of a list is kept. `intake_row` holds a keyed digest of a row beside its customer: personal data of that
customer (declared), erased with it.
"""

from django.db import models
from django.db.models import Q


class SavedMapping(models.Model):
    """How the columns of one kind of list are understood."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    name = models.TextField()
    said = models.TextField()  # JSON; not jsonb, which sorts the columns: their order says how several are joined
    digest = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.BigIntegerField()
    retired_at = models.DateTimeField(null=True)
    retired_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "intake_mapping"
        constraints = [
            # A mapping is never changed: a run must be able to say how it read its list. The newest of a name counts;
            # retired, the name is offered no more.
            models.UniqueConstraint(fields=["controller_id", "name", "saved_at"], name="intake_mapping_newest"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="intake_mapping_retired_by_someone",
            ),
        ]


class Run(models.Model):
    """One list's way in."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    file_sha256 = models.BinaryField()
    file_size = models.BigIntegerField()
    file_modified_ns = models.BigIntegerField()
    uploaded = models.TextField(default="")  # the name of the list in our own folder; empty for a file elsewhere
    file_kind = models.TextField()
    mapping_id = models.BigIntegerField()
    mapping_digest = models.BinaryField()
    source_id = models.BigIntegerField()
    dry_run = models.BooleanField()
    purpose = models.TextField()
    operator_id = models.BigIntegerField()
    mandate_id = models.BigIntegerField()
    state = models.TextField()
    reason = models.TextField(default="")
    place = models.TextField(default="")
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_run"
        constraints = [
            models.UniqueConstraint(
                fields=["controller_id", "file_sha256", "mapping_digest", "source_id"],
                condition=Q(dry_run=False),
                name="intake_run_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "stopped", "cancelled", "finished"]),
                name="intake_run_state",
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False)
                | (~Q(state="finished") & Q(finished_at__isnull=True)),
                name="intake_run_finished",
            ),
        ]


class Chunk(models.Model):
    """Rows that were dealt with in one transaction, this entry included: a chunk is done when it is here."""

    pk = models.CompositePrimaryKey("controller_id", "run_id", "number")
    controller_id = models.IntegerField()
    run_id = models.BigIntegerField()
    number = models.IntegerField()
    fraction = models.FloatField()
    rows = models.IntegerField()
    added = models.IntegerField()
    already_imported = models.IntegerField()
    duplicate_in_file = models.IntegerField()
    duplicate_in_register = models.IntegerField()
    suppressed = models.IntegerField()
    rejected = models.IntegerField()
    stale = models.IntegerField()
    age_unknown = models.IntegerField()
    committed_at = models.DateTimeField()

    class Meta:
        db_table = "intake_chunk"


class Reject(models.Model):
    """A row that was not taken: where and why, never what it held."""

    pk = models.CompositePrimaryKey("controller_id", "run_id", "row_number")
    controller_id = models.IntegerField()
    run_id = models.BigIntegerField()
    row_number = models.BigIntegerField()
    column_name = models.TextField()
    reason = models.TextField()
    detail = models.TextField()

    class Meta:
        db_table = "intake_reject"


class ImportedRow(models.Model):
    """Which row became which customer, by a keyed digest: the same row a second time adds nobody."""

    pk = models.CompositePrimaryKey("controller_id", "row_token")
    controller_id = models.IntegerField()
    row_token = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    run_id = models.BigIntegerField()

    class Meta:
        db_table = "intake_row"
        indexes = [models.Index(fields=["controller_id", "customer_id"], name="intake_row_customer")]
