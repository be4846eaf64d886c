"""Tables of clearance: all owned by a controller, keys led by it. Foreign keys, triggers and grants stand as SQL in the
migrations, because Django knows no composite foreign key.

`channel` and `purpose_kind` are empty where every one is meant, so that they can stand in keys and be compared by
equality. History is kept as events and nothing is derived from it (docs/adr/0015).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

STATES = ("requested", "given", "refused", "withdrawn", "expired", "presumed")


class Setup(models.Model):
    """One row a controller: which configuration is in force, so that a process knows when what it keeps is old.

    `token_floor` is the lowest level of nesting at which tokens are still kept (see `services.nesting`).
    """

    controller_id = models.IntegerField(primary_key=True)
    version = models.BigIntegerField()
    token_floor = models.IntegerField()


class Purpose(models.Model):
    """What persons are contacted for. Never changed once declared, only retired."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    code = models.TextField()
    label = models.TextField()
    other_labels = models.JSONField(default=dict)
    term = models.TextField()
    kind = models.TextField()
    legal_basis = models.TextField()
    declared_at = models.DateTimeField()
    declared_by = models.BigIntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="clearance_purpose_code", fields=["controller_id", "code"])]


class Assessment(models.Model):
    """A legitimate-interest assessment. The newest of a purpose counts."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    purpose_id = models.BigIntegerField()
    pursued = models.TextField()
    necessity = models.TextField()
    balancing = models.TextField()
    safeguards = models.TextField()
    assessed_at = models.DateTimeField()
    assessed_by = models.TextField()
    review_date = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()


class Notice(models.Model):
    """A published notice in one language."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    kind = models.TextField()
    version = models.TextField()
    language = models.TextField()
    who = models.TextField()
    purpose = models.TextField()
    further_use = models.TextField()
    legal_basis = models.TextField()
    retention = models.TextField()
    recipients = models.TextField()
    rights = models.TextField()
    where_the_rest_is = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="clearance_notice_version", fields=["controller_id", "kind", "version", "language"]
            ),
            models.CheckConstraint(
                name="clearance_notice_kind", condition=Q(kind__in=["art13", "art14", "consent", "call"])
            ),
            models.CheckConstraint(
                name="clearance_notice_whole",
                condition=~(
                    Q(version="")
                    | Q(who="")
                    | Q(purpose="")
                    | Q(further_use="")
                    | Q(legal_basis="")
                    | Q(retention="")
                    | Q(recipients="")
                    | Q(rights="")
                    | Q(where_the_rest_is="")
                ),
            ),
        ]


class ConsentEvent(models.Model):
    """One event. `strictness` orders events of the same instant: the strictest counts. No foreign key to the customer:
    the proof outlives the customer's row (UWG § 7a).
    """

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    purpose_id = models.BigIntegerField()
    channel = models.TextField()
    state = models.TextField()
    strictness = models.SmallIntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    express = models.BooleanField()
    of_age = models.BooleanField(null=True)
    by = models.TextField()
    method = models.TextField()
    words = models.BinaryField()  # sealed, also when there are none: the history goes with this key only
    notice_version = models.TextField()
    notice_language = models.TextField()
    recording = models.TextField()
    spoken_from_ms = models.IntegerField(null=True)
    spoken_to_ms = models.IntegerField(null=True)
    document_sha256 = models.BinaryField()
    reference = models.TextField()
    source_id = models.BigIntegerField(null=True)
    digest = models.BinaryField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()

    class Meta:
        db_table = "clearance_consent_event"
        constraints = [
            # The same event a second time is no second event.
            models.UniqueConstraint(
                name="clearance_consent_event_once", fields=["controller_id", "customer_id", "digest"]
            ),
            models.CheckConstraint(name="clearance_consent_event_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="clearance_consent_event_until", condition=Q(until__isnull=True) | Q(until__gt=models.F("at"))
            ),
        ]
        indexes = [
            # A list is screened along this: purpose and channel, then all customers with their newest event first.
            models.Index(
                "controller_id",
                "purpose_id",
                "channel",
                "customer_id",
                models.F("at").desc(),
                models.F("strictness").desc(),
                name="clearance_consent_event_newest",
            )
        ]


class ConsentUse(models.Model):
    """A consent was relied on: its proof is kept five years from here too."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    decision_id = models.BigIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "clearance_consent_use"


class Collection(models.Model):
    """How a contact point was obtained. The newest that says something counts."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    value_id = models.BigIntegerField(null=True)
    from_sale = models.BooleanField(null=True)
    told = models.BooleanField(null=True)
    refused = models.BooleanField(null=True)
    asked = models.BooleanField(null=True)
    asked_until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()


class Objection(models.Model):
    """`act` is `objected` or `lifted`: a later act of the same or wider scope lifts what was objected to before."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    act = models.TextField()
    purpose_id = models.BigIntegerField(null=True)
    purpose_kind = models.TextField()
    channel = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    method = models.TextField()
    words = models.BinaryField()  # sealed, as those of a consent
    reference = models.TextField()
    digest = models.BinaryField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clearance_objection_once", fields=["controller_id", "customer_id", "digest"]),
            models.CheckConstraint(name="clearance_objection_act", condition=Q(act__in=["objected", "lifted"])),
        ]


class Point(models.Model):
    """A current contact point of the register as tokens: at every normaliser's version and every living level.

    `hashed` and `domain` are tokens of an e-mail address's SHA-1 and of its `@domain`'s: some outside lists hold
    nothing else.
    """

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "value_id", "version", "level")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    value_id = models.BigIntegerField()
    version = models.SmallIntegerField()
    level = models.SmallIntegerField()
    kind = models.TextField()
    country = models.TextField(null=True)  # noqa: DJ001  # null means not known
    token = models.BinaryField()
    hashed = models.BinaryField(null=True)
    domain = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(name="clearance_point_token", fields=["controller_id", "token"])]


class Suppression(models.Model):
    """`act` is `suppressed` or `lifted`. One act stands at several levels under one id while a key is being nested."""

    pk = models.CompositePrimaryKey("controller_id", "token", "id")
    controller_id = models.IntegerField()
    token = models.BinaryField()
    id = models.BigIntegerField()
    version = models.SmallIntegerField()
    level = models.SmallIntegerField()
    kind = models.TextField()
    act = models.TextField()
    purpose_id = models.BigIntegerField(null=True)
    purpose_kind = models.TextField()
    channel = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="clearance_suppression_act", condition=Q(act__in=["suppressed", "lifted"])),
        ]
        indexes = [models.Index(name="clearance_suppression_level", fields=["controller_id", "level"])]


class OutsideList(models.Model):
    """A list kept by others. Its content is that of `current_load`, exchanged in one statement."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    code = models.TextField()
    name = models.TextField()
    country = models.TextField()
    kind = models.TextField()
    format = models.TextField()
    declared_at = models.DateTimeField()
    declared_by = models.BigIntegerField()
    current_load = models.BigIntegerField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    loaded_by = models.BigIntegerField(null=True)
    entries = models.BigIntegerField()
    unreadable = models.BigIntegerField()

    class Meta:
        db_table = "clearance_outside_list"
        constraints = [
            models.UniqueConstraint(name="clearance_outside_list_code", fields=["controller_id", "code"]),
            models.CheckConstraint(
                name="clearance_outside_list_loaded",
                condition=Q(current_load__isnull=True, refreshed_at__isnull=True, loaded_at__isnull=True)
                | Q(current_load__isnull=False, refreshed_at__isnull=False, loaded_at__isnull=False),
            ),
        ]


class OutsideEntry(models.Model):
    pk = models.CompositePrimaryKey("controller_id", "load_id", "token")
    controller_id = models.IntegerField()
    load_id = models.BigIntegerField()
    token = models.BinaryField()
    version = models.SmallIntegerField()
    level = models.SmallIntegerField()

    class Meta:
        db_table = "clearance_outside_entry"
        indexes = [models.Index(name="clearance_outside_entry_level", fields=["controller_id", "level"])]


class Recipient(models.Model):
    """Somebody data are given to. Never changed, only ended: another safeguard is another recipient. Where notices go
    may change: it says nothing of what is given.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    name = models.TextField()
    role = models.TextField()
    country = models.TextField()
    safeguard = models.TextField()
    purposes = ArrayField(models.TextField())
    categories = ArrayField(models.TextField())
    notice_email = models.TextField(default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    declared_at = models.DateTimeField()
    declared_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clearance_recipient_period",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
            ),
        ]


class Policy(models.Model):
    """The tenant's stricter layer. The newest counts."""

    pk = models.CompositePrimaryKey("controller_id", "version")
    controller_id = models.IntegerField()
    version = models.IntegerField()
    text = models.TextField()
    adopted_at = models.DateTimeField()
    adopted_by = models.BigIntegerField()


class Decision(models.Model):
    """A recorded verdict. `customer_id` is 0 for a stranger's number."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    purpose_id = models.BigIntegerField()
    channel = models.TextField()
    value_id = models.BigIntegerField(null=True)
    place = models.TextField()
    campaign_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)  # of one contact that is asked about more than once
    at = models.DateTimeField()
    outcome = models.TextField()
    mask = models.BigIntegerField()
    rule_ids = ArrayField(models.TextField())
    packs_digest = models.TextField()
    policy_version = models.IntegerField()
    operator_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clearance_decision_outcome", condition=Q(outcome__in=["permit", "deny", "undecided"])
            ),
        ]
