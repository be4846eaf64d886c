"""What came in, how far it was worked through, and which records of it could not be read."""

from django.db import models
from django.db.models import Q

from trustdesk.feeds.contracts import DeliveryState


class Delivery(models.Model):
    """One file, page or message. It lies sealed under a key of its own until it is done, a week at most: `file_id`.

    `place` is what the source calls it, `digest` that of its content: neither comes in twice.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    feed_id = models.BigIntegerField()
    place = models.TextField()
    digest = models.BinaryField()
    size = models.BigIntegerField()
    file_id = models.BigIntegerField(null=True)
    state = models.TextField()
    reason = models.TextField(default="")
    attempt = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)  # records set aside before are to be tried again
    seen = models.JSONField(default=dict)  # what was counted before anything of it was applied
    addresses = models.JSONField(default=dict)  # keyed digests of those most moved to, for a day
    brakes = models.JSONField(default=list)  # which limits it is above
    received_at = models.DateTimeField()
    received_by = models.BigIntegerField(null=True)  # whoever uploaded it
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "feeds_delivery"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "feed_id", "digest"], name="feeds_delivery_once"),
            models.UniqueConstraint(fields=["controller_id", "feed_id", "place"], name="feeds_delivery_place"),
            models.CheckConstraint(condition=Q(state__in=list(DeliveryState)), name="feeds_delivery_state"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="feeds_delivery_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["controller_id", "feed_id", "state", "id"], name="feeds_delivery_waiting"),
            models.Index(fields=["controller_id", "received_at"], name="feeds_delivery_newest"),
            models.Index(fields=["controller_id", "feed_id", "id"], name="feeds_delivery_of_feed"),
            models.Index(fields=["controller_id", "state", "id"], name="feeds_delivery_state_of"),
            models.Index(
                fields=["controller_id", "received_at"], name="feeds_delivery_kept", condition=Q(file_id__isnull=False)
            ),
        ]


class Chunk(models.Model):
    """Records that were dealt with in one transaction, this row included: a chunk is done when it is here."""

    pk = models.CompositePrimaryKey("controller_id", "delivery_id", "number")
    controller_id = models.IntegerField()
    delivery_id = models.BigIntegerField()
    number = models.IntegerField()
    records = models.IntegerField()
    parked = models.IntegerField()
    fates = models.JSONField()
    committed_at = models.DateTimeField()

    class Meta:
        db_table = "feeds_chunk"


class Parked(models.Model):
    """A record that was set aside: where it stands and why, never what it says."""

    pk = models.CompositePrimaryKey("controller_id", "delivery_id", "number")
    controller_id = models.IntegerField()
    delivery_id = models.BigIntegerField()
    number = models.BigIntegerField()  # its place in the delivery, counted from nought
    position = models.TextField()
    place = models.TextField()
    code = models.TextField()
    parked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)  # when it could be taken after all

    class Meta:
        db_table = "feeds_parked"
