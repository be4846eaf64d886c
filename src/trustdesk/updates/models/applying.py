"""What became of each change, and what it changed in the register. What a change says stands in the register alone."""

from django.db import models
from django.db.models import Q

from trustdesk.updates.contracts import ChangeKind, Fate


class Change(models.Model):
    """One record of a feed that was decided. `record_token` is a keyed digest of the feed and the record: a repeat is
    known again, and what it said can't be read from it.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    feed_id = models.BigIntegerField()
    delivery_id = models.BigIntegerField()
    position = models.TextField()
    record_token = models.BigIntegerField()
    kind = models.TextField()
    as_of = models.DateTimeField()
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    outcome = models.TextField()
    fate = models.TextField()
    reason = models.TextField()
    customer_id = models.BigIntegerField(null=True)  # whose it is; nobody's for those that are of nobody here
    probability = models.FloatField(null=True)
    second = models.TextField()
    evidence = models.JSONField()  # comparisons, levels and weights; nothing that was said
    decided_by = models.BigIntegerField(null=True)  # None: by itself
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="updates_change_once", fields=["controller_id", "feed_id", "record_token"]),
            models.CheckConstraint(
                name="updates_change_kind", condition=Q(kind__in=[kind.value for kind in ChangeKind])
            ),
            models.CheckConstraint(name="updates_change_fate", condition=Q(fate__in=[fate.value for fate in Fate])),
            models.CheckConstraint(
                name="updates_change_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="updates_change_customer", fields=["controller_id", "customer_id"]),
            models.Index(name="updates_change_delivery", fields=["controller_id", "delivery_id"]),
            models.Index(name="updates_change_decided", fields=["controller_id", "decided_at"]),
            models.Index(name="updates_change_feed", fields=["controller_id", "feed_id", "id"]),
            models.Index(name="updates_change_fate_of", fields=["controller_id", "fate", "id"]),
        ]


class Applied(models.Model):
    """One field of a change. `old_value_id` and `new_value_id` are values of the register.

    `what`: `replaced`, `added`, `confirmed`, `ended`, `kept`; `why` says by what something was kept. What was confirmed
    keeps as of when, and the confirmation in whose place that came: who undoes it puts that one back.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    change_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    attribute = models.TextField()
    what = models.TextField()
    why = models.TextField()
    old_value_id = models.BigIntegerField(null=True)
    new_value_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    before_at = models.DateTimeField(null=True)
    before_by = models.TextField(null=True)  # noqa: DJ001  # paired with before_at
    applied_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="updates_applied_what", condition=Q(what__in=["replaced", "added", "confirmed", "ended", "kept"])
            ),
            models.CheckConstraint(
                name="updates_applied_before_by_something",
                condition=Q(before_at__isnull=True, before_by__isnull=True)
                | Q(before_at__isnull=False, before_by__isnull=False),
            ),
            models.CheckConstraint(
                name="updates_applied_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="updates_applied_change", fields=["controller_id", "change_id"]),
            models.Index(name="updates_applied_customer", fields=["controller_id", "customer_id"]),
        ]
