"""Tables of recordings: all owned by a controller. Sound lies in sealed files, keys in the vault; here stands when what
was recorded, on which grounds, and until when it is kept.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from trustdesk.recordings.contracts import Because, Ground, Purpose, State
from trustdesk.sipedge.contracts import Mode


class Recording(models.Model):
    """One leg's recording, as long as it exists: what is destroyed leaves a number in `Tally` and an entry in the log.

    `filed_class` is the retention class its key is wrapped under: its own, or that of a legal hold. `copy_days`: within
    how many days a copy is to be had, by the rule under which it was made.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    interaction_id = models.BigIntegerField()
    call_id = models.BigIntegerField()
    leg = models.TextField()
    role = models.TextField()
    queue = models.TextField()
    operator_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    mode = models.TextField()
    rule_ids = ArrayField(models.TextField())
    notice_version = models.BigIntegerField()
    heard_at = models.DateTimeField()
    consent_key = models.TextField()
    retention_class = models.TextField()
    filed_class = models.TextField(default="")
    keep_until = models.DateTimeField()
    copy_days = models.IntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.TextField(default=State.OPEN)
    chunks = models.IntegerField(default=0)
    head = models.TextField(default="")
    milliseconds = models.BigIntegerField(default=0)
    gaps = models.JSONField(default=list)
    reason = models.TextField(default="")

    class Meta:
        db_table = "recordings_recording"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State)), name="recordings_recording_state"),
            models.CheckConstraint(
                condition=Q(mode__in=[mode for mode in Mode if mode is not Mode.OFF]), name="recordings_recording_mode"
            ),
            models.CheckConstraint(condition=Q(notice_version__gt=0), name="recordings_recording_notice"),
            models.CheckConstraint(
                condition=~Q(mode__in=[Mode.CONSENT, Mode.ALL_PARTY]) | ~Q(consent_key=""),
                name="recordings_recording_consent",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["customer", "agent", "third"]), name="recordings_recording_role"
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN, ended_at__isnull=True)
                | (~Q(state=State.OPEN) & Q(ended_at__isnull=False)),
                name="recordings_recording_closed",
            ),
            models.CheckConstraint(
                condition=Q(customer_id__isnull=True, filed_class="")
                | (Q(customer_id__isnull=False) & ~Q(filed_class="")),
                name="recordings_recording_filed",
            ),
        ]
        indexes = [
            models.Index(fields=["controller_id", "conversation_id"], name="recordings_of_conversation"),
            models.Index(fields=["controller_id", "-began_at", "-id"], name="recordings_newest"),
            models.Index(fields=["controller_id", "keep_until"], name="recordings_due"),
            models.Index(
                fields=["controller_id", "customer_id"],
                condition=Q(customer_id__isnull=False),
                name="recordings_of_customer",
            ),
            models.Index(fields=["controller_id", "id"], condition=Q(state=State.OPEN), name="recordings_open"),
        ]


class Unrecorded(models.Model):
    """That a call was not recorded, and why."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    interaction_id = models.BigIntegerField()
    call_id = models.BigIntegerField()
    queue = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "recordings_unrecorded"
        indexes = [
            models.Index(fields=["controller_id", "-at"], name="recordings_unrecorded_newest"),
            models.Index(fields=["controller_id", "conversation_id"], name="recordings_unrecorded_of"),
        ]


class Hold(models.Model):
    """A legal hold: while one lives on a conversation, none of its recordings is destroyed."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    ground = models.TextField()
    file_number = models.TextField()
    placed_at = models.DateTimeField()
    placed_by = models.BigIntegerField()
    released_at = models.DateTimeField(null=True)
    released_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "recordings_hold"
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=list(Ground)), name="recordings_hold_ground"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="recordings_hold_released",
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "conversation_id"],
                condition=Q(released_at__isnull=True),
                name="recordings_hold_living",
            )
        ]


class Listening(models.Model):
    """That somebody may hear a conversation for a stated purpose, for some hours. A customer hears a copy: their own
    recordings.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    listener = models.TextField()
    customer_id = models.BigIntegerField(null=True)
    purpose = models.TextField()
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "recordings_listening"
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=[*Purpose, "copy"]), name="recordings_listening_purpose")
        ]
        indexes = [
            models.Index(fields=["controller_id", "expires_at"], name="recordings_listening_ends"),
            models.Index(
                fields=["controller_id", "customer_id"],
                condition=Q(customer_id__isnull=False),
                name="recordings_listening_of",
            ),
        ]


class Copy(models.Model):
    """A copy that an officer sent the customer: a link of which only the digest is kept."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    digest = models.BinaryField()
    message_id = models.BigIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.BigIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "recordings_copy"
        indexes = [models.Index(fields=["controller_id", "customer_id"], name="recordings_copy_of")]


class Tally(models.Model):
    """How many recordings were destroyed in a month and why: all that is left of them beside the log."""

    pk = models.CompositePrimaryKey("controller_id", "month", "because")
    controller_id = models.IntegerField()
    month = models.DateField()
    because = models.TextField()
    recordings = models.BigIntegerField()
    milliseconds = models.BigIntegerField()

    class Meta:
        db_table = "recordings_tally"
        constraints = [models.CheckConstraint(condition=Q(because__in=list(Because)), name="recordings_tally_because")]
