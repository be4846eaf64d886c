"""Tables of governance: all owned by a controller. A breach is never rewritten; whom it touched stands apart, so that
an erasure can take a person out of it.
"""

from django.db import models
from django.db.models import Q

from trustdesk.governance.contracts import Kind, State


class Breach(models.Model):
    """One breach (GDPR Art. 33(5)): an event, with codes and numbers of ours only."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    kind = models.TextField()
    cause = models.TextField()
    about = models.TextField()
    people = models.IntegerField()
    happened_at = models.DateTimeField()
    found_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    state = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="governance_breach_once", fields=["controller_id", "cause", "about"]),
            models.CheckConstraint(name="governance_breach_kind", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(
                name="governance_breach_state", condition=Q(state__in=[state.value for state in State])
            ),
        ]
        indexes = [models.Index(name="governance_breach_open", fields=["controller_id", "state", "found_at"])]


class Touched(models.Model):
    """Whose data a breach touched."""

    pk = models.CompositePrimaryKey("controller_id", "breach_id", "customer_id")
    controller_id = models.IntegerField()
    breach_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(name="governance_touched_customer", fields=["controller_id", "customer_id"])]
