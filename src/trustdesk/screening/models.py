"""What screening keeps: lists as tokens, runs, verdicts. No number or address of a list is in any of them.

Rows and verdicts go with the list's retention, or with the customer they were found to be. They carry no foreign key
to the list or run: a million rows would check it a million times, and whoever deletes a list deletes both.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Filter(models.Model):
    """Which customers are meant, as data. Never changed: a run must be able to say what was asked."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    name = models.TextField()
    criteria = models.JSONField()
    digest = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "name", "saved_at"], name="screening_filter_newest"),
        ]


class List(models.Model):
    """One list, read once and asked about as often as one likes. `level` is that of its suppression tokens."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    digest = models.BinaryField()
    layout = models.JSONField(null=True)
    filter_id = models.BigIntegerField(null=True)
    uploaded = models.TextField(default="")  # the name of the file in our own folder until it is read
    file_size = models.BigIntegerField(default=0)
    file_modified_ns = models.BigIntegerField(default=0)
    level = models.SmallIntegerField()
    state = models.TextField()
    rows = models.BigIntegerField(default=0)
    cells = models.BigIntegerField(default=0)
    unreadable = models.BigIntegerField(default=0)
    numbers = models.BooleanField(default=False)  # some cells are numbers or addresses
    customers = models.BooleanField(default=False)  # some cells name customers
    older = models.SmallIntegerField(default=0)  # how many older versions the tokens stand at
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField()
    erase_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["reading", "ready"]), name="screening_list_state"),
            models.CheckConstraint(
                condition=Q(layout__isnull=False, filter_id__isnull=True)
                | Q(layout__isnull=True, filter_id__isnull=False),
                name="screening_list_file_or_filter",
            ),
        ]


class Row(models.Model):
    """One cell of a list. `token` is the suppression token at the newest version, `older` those at older versions.

    `customer_id` of a cell that names a customer; of a number, who had it when the list was read: a run looks again.
    """

    pk = models.CompositePrimaryKey("controller_id", "list_id", "row_number", "column_number")
    controller_id = models.IntegerField()
    list_id = models.BigIntegerField()
    row_number = models.BigIntegerField()
    column_number = models.SmallIntegerField()
    kind = models.TextField()
    country = models.TextField(null=True)  # noqa: DJ001  # null means not known
    token = models.BinaryField(null=True)
    older = ArrayField(models.BinaryField(), null=True)
    hashed = models.BinaryField(null=True)
    domain = models.BinaryField(null=True)
    customer_id = models.BigIntegerField(null=True)
    fault = models.TextField(default="")


class Run(models.Model):
    """One question to one list. `reasons` is what each bit of a mask says, as the rules were then."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    list_id = models.BigIntegerField()
    asked_purpose = models.TextField()
    channel = models.TextField()
    about = models.JSONField()
    engine = models.TextField()
    purpose = models.TextField()  # of the access context
    operator_id = models.BigIntegerField()
    mandate_id = models.BigIntegerField()
    state = models.TextField()
    phase = models.TextField()
    reason = models.TextField(default="")
    place = models.TextField(default="")
    decided_to = models.BigIntegerField(default=0)  # rows of the list up to this one are decided
    fraction = models.FloatField(default=0)
    decided = models.BigIntegerField(default=0)
    setup_version = models.BigIntegerField(default=0)
    packs_digest = models.TextField(default="")
    policy_version = models.IntegerField(default=0)
    reasons = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    summary = models.TextField(default="")
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "stopped", "cancelled", "finished"]),
                name="screening_run_state",
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False, decided_at__isnull=False)
                | (~Q(state="finished") & Q(finished_at__isnull=True)),
                name="screening_run_finished",
            ),
            models.CheckConstraint(
                condition=Q(engine__in=["postgresql", "duckdb", "spark"]), name="screening_run_engine"
            ),
        ]
        indexes = [models.Index(fields=["controller_id", "-started_at"], name="screening_run_newest")]


class Result(models.Model):
    """The verdict on one cell and one value and customer found by it (0: nobody), as the bits of the run's program."""

    pk = models.CompositePrimaryKey("controller_id", "run_id", "row_number", "column_number", "value_id")
    controller_id = models.IntegerField()
    run_id = models.BigIntegerField()
    row_number = models.BigIntegerField()
    column_number = models.SmallIntegerField()
    value_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    mask = models.BigIntegerField()


class Watch(models.Model):
    """While one stands here, the database notes in `screening_change` which customers and tokens are touched."""

    pk = models.CompositePrimaryKey("controller_id", "run_id")
    controller_id = models.IntegerField()
    run_id = models.BigIntegerField()
    since = models.DateTimeField()


class Change(models.Model):
    """Somebody was touched: consented, objected, was suppressed, changed. Exactly one of the two is set."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    token = models.BinaryField(null=True)
