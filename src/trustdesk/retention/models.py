"""Tables of retention: all owned by a controller. They say how long what is kept, and how much went; of nobody."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from trustdesk.retention.contracts import LONGEST_MONTHS, Ground, RunState, Start


class Rule(models.Model):
    """How long one kind is kept. Never changed: another rule ends it, and the old one says what counted until then."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    kind = models.TextField()
    purpose = models.TextField()
    country = models.TextField()
    months = models.IntegerField()
    counted_from = models.TextField()
    ground = models.TextField()
    source = models.TextField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "retention_rule"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["controller_id", "kind", "purpose", "country", "ground"],
                condition=Q(ended_at__isnull=True),
                name="retention_rule_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=LONGEST_MONTHS), name="retention_rule_months"
            ),
            models.CheckConstraint(condition=Q(counted_from__in=list(Start)), name="retention_rule_counted_from"),
            models.CheckConstraint(condition=Q(ground__in=list(Ground)), name="retention_rule_ground"),
            models.CheckConstraint(
                condition=~Q(ground=Ground.STATUTE) | ~Q(source=""), name="retention_rule_statute_is_named"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="retention_rule_ended",
            ),
        ]


class Run(models.Model):
    """One run: by which rules, at most how many, and how far it is. Its place is written with what it dropped."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    state = models.TextField()
    digest = models.TextField()
    most = models.IntegerField()
    planned = models.IntegerField()
    dropped = models.IntegerField(default=0)
    by_kind = models.JSONField(default=dict)
    kind = models.TextField(default="")
    key_first = models.BigIntegerField(default=0)
    key_second = models.BigIntegerField(default=0)
    measured_at = models.DateTimeField()  # what is over at this instant goes, however long the run takes
    started_at = models.DateTimeField()
    started_by = models.BigIntegerField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "retention_run"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["controller_id"], condition=Q(state=RunState.RUNNING), name="retention_run_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=list(RunState)), name="retention_run_state"),
            models.CheckConstraint(
                condition=Q(most__gte=1, dropped__gte=0) & Q(dropped__lte=models.F("most")),
                name="retention_run_keeps_its_limit",
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.RUNNING, ended_at__isnull=True)
                | (~Q(state=RunState.RUNNING) & Q(ended_at__isnull=False)),
                name="retention_run_ended",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["controller_id", "-started_at"], name="retention_run_newest")
        ]


class Tally(models.Model):
    """How much went, by the month in which its time had begun. No person, no number of anything."""

    pk = models.CompositePrimaryKey("controller_id", "month", "kind")
    controller_id = models.IntegerField()
    month = models.DateField()
    kind = models.TextField()
    count = models.BigIntegerField()

    class Meta:
        db_table = "retention_tally"
