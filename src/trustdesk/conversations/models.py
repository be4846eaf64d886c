"""Tables of conversations: all owned by a controller. What people said or are called stands in boxes only."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from trustdesk.conversations.contracts import Direction, How, Kind, Meaning, ReplyOutcome, Result, State

_IDENTIFYING = [how for how in How if how.identifies]


class Conversation(models.Model):
    """A thread. `subject_id` is under whose key its content is sealed: the customer's, or an own number until then.

    `restricted_at`: its customer was erased, and a legal hold alone keeps it.
    `joined_to` is the case to which its call went when the case's reference was typed: what is left is the reference
    that was said, which leads there.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    reference = models.TextField()
    channel = models.TextField()
    queue = models.TextField()
    language = models.TextField()
    line = models.TextField(default="")
    state = models.TextField(default=State.OPEN)
    subject_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    matches = ArrayField(models.BigIntegerField(), default=list)
    how = models.TextField(default=How.UNIDENTIFIED)
    identified_at = models.DateTimeField(null=True)
    identified_by = models.BigIntegerField(null=True)
    assigned_to = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    restricted_at = models.DateTimeField(null=True)
    joined_to = models.BigIntegerField(null=True)

    class Meta:
        db_table = "conversations_conversation"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "reference"], name="conversations_reference"),
            models.CheckConstraint(condition=Q(channel__in=list(Kind)), name="conversations_channel"),
            models.CheckConstraint(
                condition=Q(reference__regex=r"^[0-9]{12}$"), name="conversations_reference_is_twelve_digits"
            ),
            models.CheckConstraint(
                condition=Q(
                    customer_id__isnull=False,
                    how__in=_IDENTIFYING,
                    identified_at__isnull=False,
                    identified_by__isnull=False,
                    subject_id=F("customer_id"),
                )
                | Q(
                    customer_id__isnull=True,
                    how__in=[How.UNIDENTIFIED, How.NUMBER_MATCHED],
                    identified_at__isnull=True,
                    identified_by__isnull=True,
                ),
                name="conversations_identified_or_sealed_apart",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False)
                | Q(state__in=[State.OPEN, State.WAITING], closed_at__isnull=True),
                name="conversations_closed_at_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(restricted_at__isnull=True) | Q(customer_id__isnull=True),
                name="conversations_restricted_is_nobodys",
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True)
                | Q(state=State.CLOSED, customer_id__isnull=True, how=How.UNIDENTIFIED, matches=[]),
                name="conversations_joined_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["controller_id", "state", "-changed_at"], name="conversations_newest"),
            models.Index(fields=["controller_id", "customer_id"], name="conversations_customer"),
            models.Index(
                fields=["controller_id", "joined_to"],
                condition=Q(joined_to__isnull=False),
                name="conversations_joined",
            ),
            # For `conversations_offering` alone: nothing that the policies bind may use it.
            GinIndex(fields=["matches"], condition=~Q(matches=[]), name="conversations_offers"),
        ]


class Interaction(models.Model):
    """One call or message. It is over when it has ended and waits for nobody's disposition.

    `unconfirmed`: it came into this conversation by the reference that was typed, and nobody has found out yet whether
    it was the customer who called.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    kind = models.TextField()
    direction = models.TextField()
    queue = models.TextField()
    line = models.TextField(default="")
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(default="")
    wrap_up_by = models.BigIntegerField(null=True)
    disposition = models.TextField(default="")
    meaning = models.TextField(default="")
    disposed_at = models.DateTimeField(null=True)
    disposed_by = models.BigIntegerField(null=True)
    unconfirmed = models.BooleanField(default=False)

    class Meta:
        db_table = "conversations_interaction"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(Kind)) & Q(direction__in=list(Direction)), name="conversations_interaction_is"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, result="")
                | Q(ended_at__isnull=False, result__in=list(Result), ended_at__gte=F("started_at")),
                name="conversations_interaction_ended",
            ),
            models.CheckConstraint(
                condition=Q(disposition="", meaning="", disposed_at__isnull=True, disposed_by__isnull=True)
                | Q(meaning__in=list(Meaning), disposed_at__isnull=False, disposed_by__isnull=False)
                & ~Q(disposition=""),
                name="conversations_interaction_disposed",
            ),
            models.CheckConstraint(
                condition=Q(wrap_up_by__isnull=True) | Q(ended_at__isnull=False, disposed_at__isnull=True),
                name="conversations_interaction_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["controller_id", "conversation_id", "started_at"], name="conversations_calls"),
            models.Index(
                fields=["controller_id", "wrap_up_by"],
                condition=Q(wrap_up_by__isnull=False),
                name="conversations_wrapping_up",
            ),
        ]


class Party(models.Model):
    """Who took part: an operator, or the other side by a sealed number and its blind token."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    interaction_id = models.BigIntegerField()
    operator_id = models.BigIntegerField(null=True)
    sealed = models.BinaryField(null=True)
    token = models.BigIntegerField(null=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_party"
        constraints = [
            models.CheckConstraint(
                condition=Q(operator_id__isnull=False, sealed__isnull=True, token__isnull=True)
                | Q(operator_id__isnull=True),
                name="conversations_party_is_one",
            ),
        ]
        indexes = [
            models.Index(fields=["controller_id", "interaction_id"], name="conversations_party_of"),
            models.Index(fields=["controller_id", "conversation_id"], name="conversations_party_in"),
            models.Index(
                fields=["controller_id", "token"], condition=Q(token__isnull=False), name="conversations_party_token"
            ),
        ]


class Note(models.Model):
    """What an operator wrote."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    interaction_id = models.BigIntegerField(null=True)
    sealed = models.BinaryField()
    written_at = models.DateTimeField()
    written_by = models.BigIntegerField()

    class Meta:
        db_table = "conversations_note"
        indexes = [
            models.Index(fields=["controller_id", "conversation_id"], name="conversations_notes"),
            models.Index(
                fields=["controller_id", "interaction_id"],
                condition=Q(interaction_id__isnull=False),
                name="conversations_notes_of",
            ),
        ]


class FollowUp(models.Model):
    """What is still to be done, of an operator or of whoever works the queue."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    meaning = models.TextField()
    due_at = models.DateTimeField()
    owner_id = models.BigIntegerField(null=True)
    queue = models.TextField()
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "conversations_followup"
        constraints = [
            models.CheckConstraint(condition=Q(meaning__in=list(Meaning)), name="conversations_followup_meaning"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="conversations_followup_done",
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "due_at"], condition=Q(done_at__isnull=True), name="conversations_followup_due"
            ),
            models.Index(fields=["controller_id", "conversation_id"], name="conversations_followups"),
        ]


class Event(models.Model):
    """One line of what happened: codes and ids only."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.TextField()
    operator_id = models.BigIntegerField(null=True)
    detail = models.TextField(default="")

    class Meta:
        db_table = "conversations_event"
        indexes = [models.Index(fields=["controller_id", "conversation_id", "at"], name="conversations_events")]


class Complaint(models.Model):
    """A complaint file. The conversation may be gone before it: a law keeps it, with its number. `subject_id` as there.

    `rules` is what the packs asked for when it was opened; rules change, a clock that runs does not.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    number = models.TextField()
    conversation_id = models.BigIntegerField(null=True)
    interaction_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField()
    queue = models.TextField()
    countries = ArrayField(models.TextField())
    sector = models.TextField(default="")
    rules = models.JSONField()
    minutes = models.BinaryField()
    reply = models.BinaryField(null=True)
    received_at = models.DateTimeField()
    taken_by = models.BigIntegerField()
    due_date = models.DateField()
    due_at = models.DateTimeField()
    extended_at = models.DateTimeField(null=True)
    copy_given_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.BigIntegerField(null=True)
    outcome = models.TextField(default="")
    authority = models.TextField(default="")
    keep_until = models.DateTimeField(null=True)
    restricted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_complaint"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "number"], name="conversations_complaint_number"),
            models.CheckConstraint(
                condition=Q(
                    replied_at__isnull=True,
                    reply__isnull=True,
                    replied_by__isnull=True,
                    outcome="",
                )
                | Q(
                    replied_at__isnull=False,
                    reply__isnull=False,
                    replied_by__isnull=False,
                    keep_until__isnull=False,
                    outcome__in=list(ReplyOutcome),
                ),
                name="conversations_complaint_replied",
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "due_at"],
                condition=Q(replied_at__isnull=True),
                name="conversations_complaint_due",
            ),
            models.Index(fields=["controller_id", "subject_id"], name="conversations_complaint_of"),
            *(
                models.Index(
                    fields=["controller_id", f"{whose}_id"],
                    condition=Q(**{f"{whose}_id__isnull": False}),
                    name=f"conversations_file_{whose}",
                )
                for whose in ("conversation", "interaction", "customer")
            ),
        ]


class Disposition(models.Model):
    """What may be said of an interaction in a queue; a retired one stays for those who said it."""

    pk = models.CompositePrimaryKey("controller_id", "queue", "code")
    controller_id = models.IntegerField()
    queue = models.TextField()
    code = models.TextField()
    labels = models.JSONField()
    meaning = models.TextField()
    after = models.DurationField(null=True)
    place = models.IntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_disposition"
        constraints = [
            models.CheckConstraint(condition=Q(meaning__in=list(Meaning)), name="conversations_disposition_meaning"),
        ]


class QueueRule(models.Model):
    """What the company asks for in a queue."""

    pk = models.CompositePrimaryKey("controller_id", "queue")
    controller_id = models.IntegerField()
    queue = models.TextField()
    required = models.BooleanField()
    keep_days = models.IntegerField()
    sector = models.TextField(default="")
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    class Meta:
        db_table = "conversations_queuerule"
        constraints = [models.CheckConstraint(condition=Q(keep_days__gte=1), name="conversations_queuerule_keeps")]


class Miss(models.Model):
    """A reference that was asked for and is none, under a keyed digest of who asked. Gone after a day."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    asker = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "conversations_miss"
        indexes = [models.Index(fields=["controller_id", "at"], name="conversations_misses")]


class Viewer(models.Model):
    """Who looks at a conversation just now. Gone with the day."""

    pk = models.CompositePrimaryKey("controller_id", "conversation_id", "operator_id")
    controller_id = models.IntegerField()
    conversation_id = models.BigIntegerField()
    operator_id = models.BigIntegerField()
    seen_at = models.DateTimeField()
    writing_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_viewer"
