"""Tables of delivery: all owned by a controller. What a message says and to whom stays sealed or a reference."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from trustdesk.delivery.contracts import State

_WAITING = [State.QUEUED, State.DEFERRED]
_HELD = [State.CLEARED, State.HANDING, State.UNKNOWN]


class Message(models.Model):
    """One message to one person. `sealed` holds subject and text; the address is the reference (customer, value)."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    channel = models.TextField()
    customer_id = models.BigIntegerField()
    value_id = models.BigIntegerField()
    purpose = models.TextField()
    purpose_kind = models.TextField()
    about = models.JSONField()
    urgent = models.BooleanField()
    template = models.TextField()
    language = models.TextField()
    sealed = models.BinaryField()
    key_digest = models.BinaryField()
    state = models.TextField()
    reason = models.TextField(default="")
    reply = models.IntegerField(null=True)
    status = models.TextField(default="")
    attempt = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    not_after = models.DateTimeField()
    decision_id = models.BigIntegerField(null=True)
    campaign_id = models.BigIntegerField(null=True)
    former = models.BooleanField(default=False)
    queued_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    operator_id = models.BigIntegerField()
    mandate_id = models.BigIntegerField()
    access_purpose = models.TextField()

    class Meta:
        db_table = "delivery_message"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "key_digest"], name="delivery_message_once"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="delivery_message_state"),
            models.CheckConstraint(condition=Q(channel__in=["email", "sms"]), name="delivery_message_channel"),
            models.CheckConstraint(
                condition=Q(state__in=_WAITING, next_at__isnull=False)
                | (~Q(state__in=_WAITING) & Q(next_at__isnull=True)),
                name="delivery_message_waits_for_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.HANDING, State.SENT, State.BOUNCED, State.UNKNOWN])
                | Q(handed_at__isnull=False),
                name="delivery_message_was_handed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "channel", "-urgent", "next_at"],
                condition=Q(state__in=_WAITING),
                name="delivery_message_due",
            ),
            models.Index(
                fields=["controller_id", "channel", "state"], condition=Q(state__in=_HELD), name="delivery_message_held"
            ),
            models.Index(fields=["controller_id", "customer_id", "-id"], name="delivery_message_customer"),
            models.Index(
                fields=["controller_id", "campaign_id", "changed_at"],
                condition=Q(campaign_id__isnull=False),
                name="delivery_message_campaign",
            ),
        ]


class Turn(models.Model):
    """What happened to a message: one line a step, never changed."""

    pk = models.CompositePrimaryKey("controller_id", "message_id", "id")
    controller_id = models.IntegerField()
    message_id = models.BigIntegerField()
    id = models.BigIntegerField()
    at = models.DateTimeField()
    happening = models.TextField()
    before = models.TextField()
    after = models.TextField()
    attempt = models.IntegerField()
    reason = models.TextField()
    reply = models.IntegerField(null=True)
    status = models.TextField()
    operator_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "delivery_turn"


class Template(models.Model):
    """A company's own wording. Never changed once published: the newest of a code and language counts."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    channel = models.TextField()
    code = models.TextField()
    language = models.TextField()
    subject = models.TextField()
    text = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField()

    class Meta:
        db_table = "delivery_template"
        indexes = [
            models.Index(
                fields=["controller_id", "channel", "code", "language", "-id"], name="delivery_template_newest"
            )
        ]


class Sender(models.Model):
    """As whom the company writes. Never changed: the newest counts, the older ones say who wrote then."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    mail_address = models.TextField()
    mail_name = models.TextField()
    reply_to = models.TextField()
    return_mailbox = models.TextField()
    imprint = models.TextField()
    sms_name = models.TextField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()

    class Meta:
        db_table = "delivery_sender"


class Endpoint(models.Model):
    """Where another system is called. Its secrets are wrapped under the root key."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    name = models.TextField()
    url = models.TextField()
    recipient_id = models.BigIntegerField()
    purpose = models.TextField()
    events = ArrayField(models.TextField())
    secret = models.BinaryField()
    previous_secret = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.TextField(default="")
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField()

    class Meta:
        db_table = "delivery_endpoint"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "name"], name="delivery_endpoint_name"),
            models.CheckConstraint(
                condition=Q(previous_secret__isnull=True, previous_until__isnull=True)
                | Q(previous_secret__isnull=False, previous_until__isnull=False),
                name="delivery_endpoint_previous",
            ),
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_because="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_because="")),
                name="delivery_endpoint_disabled",
            ),
        ]


class Call(models.Model):
    """One event told to one endpoint: identifiers, and references to the values it may be told."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    endpoint_id = models.BigIntegerField()
    event = models.TextField()
    customer_id = models.BigIntegerField(null=True)
    facts = models.JSONField()
    value_ids = ArrayField(models.BigIntegerField())
    key_digest = models.BinaryField()
    state = models.TextField()
    reason = models.TextField(default="")
    attempt = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    occurred_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    operator_id = models.BigIntegerField()
    mandate_id = models.BigIntegerField()
    access_purpose = models.TextField()

    class Meta:
        db_table = "delivery_call"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "endpoint_id", "key_digest"], name="delivery_call_once"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="delivery_call_state"),
            models.CheckConstraint(
                condition=Q(state__in=_WAITING, next_at__isnull=False)
                | (~Q(state__in=_WAITING) & Q(next_at__isnull=True)),
                name="delivery_call_waits_for_an_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "next_at"], condition=Q(state__in=_WAITING), name="delivery_call_due"
            ),
            models.Index(fields=["controller_id", "endpoint_id", "-id"], name="delivery_call_newest"),
            models.Index(
                fields=["controller_id", "customer_id"],
                condition=Q(customer_id__isnull=False),
                name="delivery_call_customer",
            ),
        ]


class Try(models.Model):
    """One attempt at a call."""

    pk = models.CompositePrimaryKey("controller_id", "call_id", "id")
    controller_id = models.IntegerField()
    call_id = models.BigIntegerField()
    id = models.BigIntegerField()
    at = models.DateTimeField()
    reason = models.TextField()
    status = models.IntegerField(null=True)
    milliseconds = models.IntegerField()

    class Meta:
        db_table = "delivery_try"


class Notice(models.Model):
    """One letter to a recipient of data: which wording, about which reference; the address is the recipient's."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    recipient_id = models.BigIntegerField()
    template = models.TextField()
    language = models.TextField()
    facts = models.JSONField()
    key_digest = models.BinaryField()
    state = models.TextField()
    reason = models.TextField(default="")
    attempt = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    operator_id = models.BigIntegerField()

    class Meta:
        db_table = "delivery_notice"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "key_digest"], name="delivery_notice_once"),
            models.CheckConstraint(
                condition=Q(state__in=[*_WAITING, State.SENT, State.FAILED]), name="delivery_notice_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_WAITING, next_at__isnull=False)
                | (~Q(state__in=_WAITING) & Q(next_at__isnull=True)),
                name="delivery_notice_waits_for_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(state=State.SENT), name="delivery_notice_received_was_sent"
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "next_at"], condition=Q(state__in=_WAITING), name="delivery_notice_due"
            )
        ]
