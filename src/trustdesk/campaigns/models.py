"""Tables of campaigns: all owned by a controller. Persons are references; what is said to them stands in delivery."""

from django.db import models
from django.db.models import Q

from trustdesk.campaigns.contracts import Act, Release, State, TargetState


class Campaign(models.Model):
    """What is sent or said, when and how fast; in whose name it runs. `left_out` is why rows became nobody's turn."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    name = models.TextField()
    run_id = models.BigIntegerField()
    purpose = models.TextField()
    channel = models.TextField()
    about = models.JSONField()
    template = models.TextField()
    language = models.TextField()
    queue = models.TextField(default="")
    line = models.TextField(default="")
    script = models.TextField(default="")
    release = models.TextField(default="")
    hours = models.JSONField(null=True)
    per_day = models.IntegerField(null=True)
    per_week = models.IntegerField(null=True)
    per_campaign = models.IntegerField()
    pace = models.IntegerField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    state = models.TextField()
    reason = models.TextField(default="")
    people = models.BigIntegerField(default=0)
    left_out = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField()
    started_at = models.DateTimeField(null=True)
    started_by = models.BigIntegerField(null=True)
    operator_id = models.BigIntegerField()
    mandate_id = models.BigIntegerField()
    access_purpose = models.TextField()
    changed_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)  # messages that changed before it are accounted for

    class Meta:
        db_table = "campaigns_campaign"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State)), name="campaigns_campaign_state"),
            models.CheckConstraint(condition=Q(pace__gt=0), name="campaigns_campaign_pace"),
            models.CheckConstraint(
                condition=(Q(template="", release__in=list(Release)) & ~Q(queue="") & ~Q(line="") & ~Q(script=""))
                | (Q(queue="", line="", script="", release="") & ~Q(template="")),
                name="campaigns_campaign_is_sent_or_called",
            ),
            models.CheckConstraint(
                condition=Q(per_campaign__gt=0)
                & (Q(per_day__isnull=True) | Q(per_day__gt=0))
                & (Q(per_week__isnull=True) | Q(per_week__gt=0)),
                name="campaigns_campaign_limits",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="campaigns_campaign_period",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True, started_by__isnull=True)
                | Q(started_at__isnull=False, started_by__isnull=False),
                name="campaigns_campaign_started",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RUNNING, State.PAUSED, State.ENDED]) | Q(started_at__isnull=False),
                name="campaigns_campaign_begun",
            ),
        ]
        indexes = [models.Index(fields=["controller_id", "-created_at"], name="campaigns_campaign_newest")]


class Disposition(models.Model):
    """What an outcome means in a campaign."""

    pk = models.CompositePrimaryKey("controller_id", "campaign_id", "outcome")
    controller_id = models.IntegerField()
    campaign_id = models.BigIntegerField()
    outcome = models.TextField()
    act = models.TextField()
    after = models.DurationField(null=True)

    class Meta:
        db_table = "campaigns_disposition"
        constraints = [
            models.CheckConstraint(condition=Q(act__in=list(Act)), name="campaigns_disposition_act"),
            models.CheckConstraint(
                condition=Q(act=Act.AGAIN, after__isnull=False) | (~Q(act=Act.AGAIN) & Q(after__isnull=True)),
                name="campaigns_disposition_after",
            ),
        ]


class Target(models.Model):
    """One person of a campaign. `attempts` counts those made, `number` all that were begun."""

    pk = models.CompositePrimaryKey("controller_id", "campaign_id", "customer_id")
    controller_id = models.IntegerField()
    campaign_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    value_id = models.BigIntegerField()
    state = models.TextField()
    number = models.IntegerField(default=0)
    attempts = models.IntegerField(default=0)
    last_outcome = models.TextField(default="")
    reason = models.TextField(default="")
    next_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "campaigns_target"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(TargetState)), name="campaigns_target_state"),
            models.CheckConstraint(
                condition=Q(state=TargetState.WAITING, next_at__isnull=False)
                | (~Q(state=TargetState.WAITING) & Q(next_at__isnull=True)),
                name="campaigns_target_waits_for_an_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "campaign_id", "next_at", "customer_id"],
                condition=Q(state=TargetState.WAITING),
                name="campaigns_target_due",
            ),
            models.Index(fields=["controller_id", "customer_id"], name="campaigns_target_customer"),
        ]


class Attempt(models.Model):
    """One attempt at one person: begun, and how it ended. It names its message or its call, so none is made twice;
    `operator_id` is for whom a call was begun.
    """

    pk = models.CompositePrimaryKey("controller_id", "campaign_id", "customer_id", "number")
    controller_id = models.IntegerField()
    campaign_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    number = models.IntegerField()
    at = models.DateTimeField()
    message_id = models.BigIntegerField(null=True)
    call_id = models.BigIntegerField(null=True)
    operator_id = models.BigIntegerField(null=True)
    decision_id = models.BigIntegerField(null=True)
    outcome = models.TextField(default="")
    reason = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "campaigns_attempt"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="campaigns_attempt_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["controller_id", "campaign_id", "-at"], name="campaigns_attempt_newest"),
            models.Index(
                fields=["controller_id", "message_id"],
                condition=Q(message_id__isnull=False),
                name="campaigns_attempt_message",
            ),
            models.Index(
                fields=["controller_id", "call_id"],
                condition=Q(call_id__isnull=False),
                name="campaigns_attempt_call",
            ),
        ]
