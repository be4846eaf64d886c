"""Where changes come from."""

from django.db import models
from django.db.models import Q

from trustdesk.feeds.contracts import FeedState, Transport


class Feed(models.Model):
    """A source of changes, how it is reached and read, and how it stands. Its secret is wrapped under the root key."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    name = models.TextField()
    transport = models.TextField()
    setup = models.JSONField()
    secret = models.BinaryField(null=True)
    format = models.TextField()
    reading = models.JSONField()  # what the format's reader is told: which column is what
    source_id = models.BigIntegerField()
    country = models.TextField()
    kinds = models.JSONField()
    outranked_days = models.IntegerField()
    brake = models.JSONField()
    state = models.TextField()
    cursor = models.TextField(default="")  # how far the other side was asked; stored with what it answered
    every_minutes = models.IntegerField()
    next_at = models.DateTimeField(null=True)
    attempt = models.IntegerField(default=0)
    fault = models.TextField(default="")
    where = models.TextField(default="")
    failing_since = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    class Meta:
        db_table = "feeds_feed"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "name"], name="feeds_feed_name"),
            models.CheckConstraint(condition=Q(transport__in=list(Transport)), name="feeds_feed_transport"),
            models.CheckConstraint(condition=Q(state__in=list(FeedState)), name="feeds_feed_state"),
            models.CheckConstraint(
                condition=Q(fault="", failing_since__isnull=True) | (~Q(fault="") & Q(failing_since__isnull=False)),
                name="feeds_feed_fails_since",
            ),
        ]
