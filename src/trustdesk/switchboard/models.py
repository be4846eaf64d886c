"""Tables of the switchboard: all owned by a controller. Who called stands sealed in conversations; here are ids."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from trustdesk.switchboard.contracts import CallbackState, CallState, Certainty, Direction, Ended, Presence


class Call(models.Model):
    """One call, as it stands or ended. `operator_id` speaks, or spoke last; `matches` only while it lasts.

    `heard` is how far of the edge's story of it stands here: what comes after it is told again, and done once.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    direction = models.TextField()
    state = models.TextField()
    line = models.TextField()
    queue = models.TextField(default="")
    language = models.TextField()
    country = models.TextField(default="")
    sector = models.TextField(default="")
    mode = models.TextField(default="off")
    notice_version = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    interaction_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    consent_key = models.TextField(default="")
    certainty = models.TextField(default=Certainty.UNIDENTIFIED)
    matches = ArrayField(models.BigIntegerField(), default=list)
    customer_id = models.BigIntegerField(null=True)
    decision_id = models.BigIntegerField(null=True)
    callback_id = models.BigIntegerField(null=True)
    operator_id = models.BigIntegerField(null=True)
    offered_to = models.BigIntegerField(null=True)
    began_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    alarm = models.BooleanField(default=False)
    recorded = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    unrecorded = models.TextField(default="")
    result = models.TextField(default="")
    heard = models.IntegerField(default=0)

    class Meta:
        db_table = "switchboard_call"
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=list(Direction)), name="switchboard_call_direction"),
            models.CheckConstraint(condition=Q(state__in=list(CallState)), name="switchboard_call_state"),
            models.CheckConstraint(condition=Q(certainty__in=list(Certainty)), name="switchboard_call_certainty"),
            models.CheckConstraint(
                condition=Q(state=CallState.ENDED, ended_at__isnull=False, offered_to__isnull=True, matches=[])
                | (~Q(state=CallState.ENDED) & Q(ended_at__isnull=True)),
                name="switchboard_call_ended_at_an_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "began_at"], condition=~Q(state=CallState.ENDED), name="switchboard_call_now"
            ),
            models.Index(fields=["controller_id", "-began_at"], name="switchboard_call_newest"),
            models.Index(fields=["controller_id", "interaction_id"], name="switchboard_call_interaction"),
            models.Index(
                fields=["controller_id", "customer_id"],
                condition=Q(customer_id__isnull=False),
                name="switchboard_call_customer",
            ),
        ]


class Wait(models.Model):
    """One stay in one queue. Written when it is over: what waits now stands in the calls."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    call_id = models.BigIntegerField()
    queue = models.TextField()
    queued_at = models.DateTimeField()
    left_at = models.DateTimeField()
    ended = models.TextField()

    class Meta:
        db_table = "switchboard_wait"
        constraints = [
            models.CheckConstraint(condition=Q(ended__in=list(Ended)), name="switchboard_wait_ended"),
            models.CheckConstraint(condition=Q(left_at__gte=F("queued_at")), name="switchboard_wait_period"),
        ]
        indexes = [models.Index(fields=["controller_id", "queued_at"], name="switchboard_wait_period")]


class Spell(models.Model):
    """What an agent did for how long, and for which call and queue where it was one. Written when it is over."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    operator_id = models.BigIntegerField()
    state = models.TextField()
    reason = models.TextField(default="")
    call_id = models.BigIntegerField(null=True)
    queue = models.TextField(default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "switchboard_spell"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(Presence)), name="switchboard_spell_state"),
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="switchboard_spell_period"),
        ]
        indexes = [models.Index(fields=["controller_id", "ends_at"], name="switchboard_spell_period")]


class AgentNow(models.Model):
    """What an operator is doing now, and for which seat."""

    pk = models.CompositePrimaryKey("controller_id", "operator_id")
    controller_id = models.IntegerField()
    operator_id = models.BigIntegerField()
    mandate_id = models.BigIntegerField()
    purpose = models.TextField()
    state = models.TextField()
    reason = models.TextField(default="")
    since = models.DateTimeField()
    call_id = models.BigIntegerField(null=True)
    queue = models.TextField(default="")
    attachment = models.TextField(default="")
    reachable = models.BooleanField(default=False)
    wrap_up_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "switchboard_agent"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(Presence)), name="switchboard_agent_state"),
            models.CheckConstraint(
                condition=~Q(state__in=[Presence.RINGING, Presence.TALKING]) | Q(call_id__isnull=False),
                name="switchboard_agent_has_a_call",
            ),
        ]


class Callback(models.Model):
    """Somebody asked by a key to be called. The number stands sealed in the call's interaction."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    call_id = models.BigIntegerField()
    queue = models.TextField()
    asked_at = models.DateTimeField()
    state = models.TextField(default=CallbackState.WAITING)
    reason = models.TextField(default="")
    decision_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "switchboard_callback"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "call_id"], name="switchboard_callback_once"),
            models.CheckConstraint(condition=Q(state__in=list(CallbackState)), name="switchboard_callback_state"),
        ]
        indexes = [models.Index(fields=["controller_id", "state", "asked_at"], name="switchboard_callback_open")]
