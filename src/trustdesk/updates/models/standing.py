"""What stands for a customer on a feed's word, and what a company allows feeds."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from trustdesk.updates.contracts import ChangeKind, OrderKind


class Order(models.Model):
    """What a source ordered for a customer, as long as it stands: contact data given to nobody, nobody contacted."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "kind")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    kind = models.TextField()
    change_id = models.BigIntegerField()
    feed_id = models.BigIntegerField()
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="updates_order_kind", condition=Q(kind__in=[kind.value for kind in OrderKind])),
        ]


class Policy(models.Model):
    """What a company wants of changes from outside. One row a company; none: the product's own."""

    pk = models.CompositePrimaryKey("controller_id", "edition")
    controller_id = models.IntegerField()
    edition = models.IntegerField()  # the last one counts, the others say what counted before
    outranked_days = models.IntegerField()
    tell = ArrayField(models.TextField())
    update_from = models.FloatField()
    review_from = models.FloatField()
    question_seconds = models.IntegerField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="updates_policy_in_order",
                condition=Q(review_from__gt=0, update_from__lte=1, review_from__lte=models.F("update_from")),
            ),
            models.CheckConstraint(
                name="updates_policy_counts", condition=Q(outranked_days__gte=0, question_seconds__gte=0)
            ),
            models.CheckConstraint(
                name="updates_policy_tell",
                condition=Q(tell__contained_by=[kind.value for kind in ChangeKind]),
            ),
        ]
