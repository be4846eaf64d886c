"""Table of announcements, owned by a controller. A version is never changed: who heard it must be able to show what."""

from django.db import models
from django.db.models import Q

from trustdesk.announcements.contracts import Kind, Made


class Announcement(models.Model):
    """One version of what a company says. `sound` is A-law; the files that are played are copies of it."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    kind = models.TextField()
    code = models.TextField()
    language = models.TextField()
    number = models.IntegerField()
    country = models.TextField()
    sector = models.TextField()
    recorded = models.BooleanField()
    parts = models.JSONField()
    text = models.TextField()
    made = models.TextField()
    sound = models.BinaryField()
    octets = models.IntegerField()
    digest = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.BigIntegerField()

    class Meta:
        db_table = "announcements_announcement"
        constraints = [
            models.UniqueConstraint(
                fields=["controller_id", "kind", "code", "language", "number"], name="announcements_number_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="announcements_kind"),
            models.CheckConstraint(condition=Q(made__in=list(Made)), name="announcements_made"),
            models.CheckConstraint(condition=Q(number__gt=0), name="announcements_number"),
        ]
        indexes = [
            models.Index(fields=["controller_id", "kind", "code", "language", "-id"], name="announcements_newest")
        ]
