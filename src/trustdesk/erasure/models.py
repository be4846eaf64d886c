"""Tables of erasure: all owned by a controller. Persons are numbers and tokens; nothing of them is in clear."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from trustdesk.erasure.contracts import OPEN, Cause, PlanState, StepState, Verdict, Way

_OPEN = sorted(state.value for state in OPEN)


class Plan(models.Model):
    """What is to be forgotten of one person, who approved it, and how far it is. `lines` is the dry run."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    people = ArrayField(models.BigIntegerField())
    cause = models.TextField()
    about = models.TextField(default="")
    state = models.TextField()
    lines = models.JSONField()
    held = models.JSONField(default=list)
    held_by = models.BigIntegerField(null=True)  # an officer's own hold, until the officer releases it
    drawn_at = models.DateTimeField()
    drawn_by = models.BigIntegerField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.BigIntegerField(null=True)
    mandate_id = models.BigIntegerField()
    begun_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    dismissed_because = models.TextField(default="")
    kept = models.JSONField(default=list)
    kept_until = models.DateField(null=True)  # the next day on which some of what is kept dies
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "erasure_plan"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["controller_id", "customer_id"],
                condition=Q(state__in=_OPEN),
                name="erasure_plan_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in PlanState]), name="erasure_plan_state"
            ),
            models.CheckConstraint(condition=Q(cause__in=[each.value for each in Cause]), name="erasure_plan_cause"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="erasure_plan_approved",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PlanState.DRAWN.value, PlanState.DISMISSED.value])
                | Q(approved_at__isnull=False),
                name="erasure_plan_runs_approved",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(begun_at__isnull=False), name="erasure_plan_erased"
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DONE.value, done_at__isnull=False, erased_at__isnull=False)
                | (~Q(state=PlanState.DONE.value) & Q(done_at__isnull=True)),
                name="erasure_plan_done",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["controller_id", "state", "-drawn_at"], name="erasure_plan_by_state"),
            models.Index(fields=["controller_id", "customer_id"], name="erasure_plan_of"),
            models.Index(
                fields=["controller_id", "kept_until"],
                condition=Q(kept_until__isnull=False),
                name="erasure_plan_keeps",
            ),
        ]


class Task(models.Model):
    """One step of one plan. Its row is written in the transaction that did it."""

    pk = models.CompositePrimaryKey("controller_id", "plan_id", "name")
    controller_id = models.IntegerField()
    plan_id = models.BigIntegerField()
    name = models.TextField()
    place = models.IntegerField()  # the step's order
    prepare = models.BooleanField()
    state = models.TextField()
    attempts = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    detail = models.TextField(default="")
    fault = models.TextField(default="")
    next_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "erasure_task"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in StepState]), name="erasure_task_state"
            ),
            models.CheckConstraint(
                condition=Q(state=StepState.DONE.value, done_at__isnull=False)
                | (~Q(state=StepState.DONE.value) & Q(done_at__isnull=True)),
                name="erasure_task_done",
            ),
        ]
        # The worker asks every minute what is left: of all the erasures of all years few are not done.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["controller_id", "plan_id"], condition=~Q(state=StepState.DONE.value), name="erasure_task_left"
            )
        ]


class Entry(models.Model):
    """One token of somebody who was erased: who it was it says to nobody, and to the company's key that it was."""

    pk = models.CompositePrimaryKey("controller_id", "token", "plan_id")
    controller_id = models.IntegerField()
    token = models.BinaryField()
    plan_id = models.BigIntegerField()
    version = models.SmallIntegerField()
    level = models.SmallIntegerField()
    kind = models.TextField()
    erased_at = models.DateTimeField()

    class Meta:
        db_table = "erasure_ledger"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["controller_id", "plan_id"], name="erasure_ledger_of")
        ]


class Told(models.Model):
    """Somebody to whom the person's data were given, and what became of telling them (GDPR Art. 19)."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    plan_id = models.BigIntegerField()
    recipient = models.TextField()  # as the company's own list of recipients says: a company, not the person
    way = models.TextField()
    call_ids = ArrayField(models.BigIntegerField(), default=list)
    notice_id = models.BigIntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "erasure_told"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["controller_id", "plan_id", "recipient"], name="erasure_told_once"),
            models.CheckConstraint(condition=Q(way__in=[each.value for each in Way]), name="erasure_told_way"),
        ]


class Sighting(models.Model):
    """Somebody alike was about to come in by data from before the erasure. An alarm until an officer has seen it."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    plan_id = models.BigIntegerField()
    place = models.TextField()
    source_id = models.BigIntegerField()
    verdict = models.TextField()
    kinds = ArrayField(models.TextField())
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "erasure_sighting"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["controller_id", "plan_id", "place", "source_id", "verdict"],
                condition=Q(seen_at__isnull=True),
                name="erasure_sighting_once",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=[Verdict.REVIEW.value, Verdict.ERASED.value]), name="erasure_sighting_verdict"
            ),
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="erasure_sighting_order"),
        ]
