"""Tables of rights: all owned by a controller. What persons wrote is sealed under a key of the request's own, so that
each dies on its own date; the history is only ever added to: the runtime role may neither change nor delete a line.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from trustdesk.erasure.contracts import Way
from trustdesk.rights.contracts import Channel, Ground, Happening, Kind, ProofKind, Security, State, Taken

_PROVED = [State.IDENTIFIED, State.PLANNED, State.APPROVED, State.RUNNING, State.HELD, State.DONE]
_APPROVED = [State.APPROVED, State.RUNNING, State.HELD, State.DONE]


class Request(models.Model):
    """One request. Its key in the vault is that of the subject `id`.

    `due_at` holds while `suspended_since` is not set. `forgotten_at`: the customer was erased, the row names nobody.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    reference = models.TextField()
    kind = models.TextField()
    channel = models.TextField()
    state = models.TextField(default=State.RECEIVED)
    language = models.TextField()
    customer_id = models.BigIntegerField(null=True)
    external_id = models.TextField(default="")
    sealed = models.BinaryField()
    received_at = models.DateTimeField()
    due_date = models.DateField()
    due_at = models.DateTimeField()
    suspended_since = models.DateTimeField(null=True)
    suspended_days = models.IntegerField(default=0)
    extended_at = models.DateTimeField(null=True)
    identity = models.TextField(default="")
    identity_at = models.DateTimeField(null=True)
    identity_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.BigIntegerField(null=True)
    approved_mandate = models.BigIntegerField(null=True)
    delegated = models.BooleanField(default=False)
    work_id = models.BigIntegerField(null=True)  # of the plan of an erasure
    told_id = models.BigIntegerField(null=True)  # of the letter that has to leave before the address is gone
    refused = models.TextField(default="")
    closed_at = models.DateTimeField(null=True)
    keep_until = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "rights_request"
        constraints = [
            models.UniqueConstraint(name="rights_request_reference", fields=["controller_id", "reference"]),
            models.UniqueConstraint(
                name="rights_request_external", fields=["controller_id", "external_id"], condition=~Q(external_id="")
            ),
            models.CheckConstraint(name="rights_request_kind", condition=Q(kind__in=list(Kind))),
            models.CheckConstraint(name="rights_request_channel", condition=Q(channel__in=list(Channel))),
            models.CheckConstraint(name="rights_request_state", condition=Q(state__in=list(State))),
            models.CheckConstraint(name="rights_request_ground", condition=Q(refused__in=["", *Ground])),
            models.CheckConstraint(
                name="rights_request_identity",
                condition=Q(identity="", identity_at=None) | Q(identity__in=list(ProofKind), identity_at__isnull=False),
            ),
            # The promise itself: nothing is approved, begun or done for somebody of whom nobody knows who it is.
            models.CheckConstraint(
                name="rights_request_approved_is_proved",
                condition=Q(approved_at=None) | Q(identity_at__isnull=False, identity_at__lte=models.F("approved_at")),
            ),
            models.CheckConstraint(
                name="rights_request_state_is_proved",
                condition=~Q(state__in=_PROVED) | Q(identity_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rights_request_state_is_approved",
                condition=Q(state__in=_APPROVED, approved_at__isnull=False)
                | Q(~Q(state__in=_APPROVED), approved_at=None),
            ),
            models.CheckConstraint(
                name="rights_request_proved_of_somebody",
                condition=Q(identity_at=None) | Q(customer_id__isnull=False) | Q(forgotten_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rights_request_approved_by",
                condition=Q(approved_at=None, approved_mandate=None)
                | Q(approved_at__isnull=False, approved_mandate__isnull=False),
            ),
            models.CheckConstraint(
                name="rights_request_refused_has_ground",
                condition=Q(state=State.REFUSED) & ~Q(refused="") | ~Q(state=State.REFUSED) & Q(refused=""),
            ),
            models.CheckConstraint(
                name="rights_request_closed",
                condition=Q(state__in=[State.DONE, State.REFUSED, State.WITHDRAWN], closed_at__isnull=False)
                | Q(~Q(state__in=[State.DONE, State.REFUSED, State.WITHDRAWN]), closed_at=None),
            ),
        ]
        indexes = [
            models.Index(
                name="rights_request_open", fields=["controller_id", "due_at"], condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                name="rights_request_customer",
                fields=["controller_id", "customer_id"],
                condition=Q(customer_id__isnull=False),
            ),
        ]


class Event(models.Model):
    """One line of a request's history."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    request_id = models.BigIntegerField()
    at = models.DateTimeField()
    happening = models.TextField()
    before = models.TextField()
    after = models.TextField()
    operator_id = models.BigIntegerField(null=True)
    code = models.TextField()
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "rights_event"
        constraints = [
            models.CheckConstraint(name="rights_event_happening", condition=Q(happening__in=list(Happening))),
        ]
        indexes = [models.Index(name="rights_event_request", fields=["controller_id", "request_id", "id"])]


class Code(models.Model):
    """A code that was sent to a contact point on file, of which the keyed digest is kept until a day after its end."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    request_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    value_id = models.BigIntegerField()
    digest = models.BinaryField()
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_code"
        indexes = [models.Index(name="rights_code_customer", fields=["controller_id", "customer_id", "sent_at"])]


class Mailbox(models.Model):
    """The company's mailbox for requests. The password is wrapped under the root key."""

    controller_id = models.IntegerField(primary_key=True)
    host = models.TextField()
    port = models.IntegerField()
    security = models.TextField()
    user = models.TextField()
    password = models.BinaryField()
    folder = models.TextField(default="INBOX")
    paused_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    fault = models.TextField(default="")
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    class Meta:
        db_table = "rights_mailbox"
        constraints = [
            models.CheckConstraint(name="rights_mailbox_security", condition=Q(security__in=list(Security))),
            models.CheckConstraint(name="rights_mailbox_port", condition=Q(port__gt=0, port__lt=65536)),
            models.CheckConstraint(
                name="rights_mailbox_fault",
                condition=Q(failing_since=None, fault="") | Q(Q(failing_since__isnull=False) & ~Q(fault="")),
            ),
        ]


class Letter(models.Model):
    """That a letter was in the mailbox, by the keyed digest of its octets: whatever happens it is taken once."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    digest = models.BinaryField()
    taken_at = models.DateTimeField()
    taken = models.TextField()
    reason = models.TextField()
    request_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "rights_letter"
        constraints = [
            models.UniqueConstraint(name="rights_letter_once", fields=["controller_id", "digest"]),
            models.CheckConstraint(name="rights_letter_taken", condition=Q(taken__in=list(Taken))),
        ]
        indexes = [models.Index(name="rights_letter_newest", fields=["controller_id", "-taken_at"])]


class Told(models.Model):
    """Somebody to whom a value was given that was put right, and what became of telling them (GDPR Art. 19)."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    request_id = models.BigIntegerField()
    recipient = models.TextField()  # as the company's own list of recipients says: a company, not the person
    way = models.TextField()
    call_ids = ArrayField(models.BigIntegerField(), default=list)
    notice_id = models.BigIntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "rights_told"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "request_id", "recipient"], name="rights_told_once"),
            models.CheckConstraint(condition=Q(way__in=list(Way)), name="rights_told_way"),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "id"],
                condition=Q(received_at=None) & ~Q(way=Way.BY_HAND),
                name="rights_told_waiting",
            )
        ]
