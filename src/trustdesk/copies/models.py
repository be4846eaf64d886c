"""Tables of copies: owned by a controller. What a copy says lies in a sealed file; here stands that there is one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from trustdesk.copies.contracts import Kind, State


class Copy(models.Model):
    """One copy of what is held of a person. `file_id` names its file and the key of its own under which it is sealed.

    Of a link that was sent only the digest is kept.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    kind = models.TextField()
    language = models.TextField()
    state = models.TextField(default=State.ORDERED)
    progress = models.FloatField(default=0)
    reason = models.TextField(default="")
    to_send = models.BooleanField(default=False)
    ordered_at = models.DateTimeField()
    ordered_by = models.BigIntegerField()
    file_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.TextField(default="")
    masked = models.IntegerField(default=0)
    link_digest = models.BinaryField(null=True)
    message_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    missing = ArrayField(models.TextField(), default=list)  # names of connected systems that did not answer
    to_follow = models.BooleanField(default=False)  # what they hold is still to come, in another copy
    downloads = models.IntegerField(default=0)
    downloaded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "copies_copy"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="copies_copy_kind"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="copies_copy_state"),
            models.CheckConstraint(
                condition=~Q(state=State.READY)
                | Q(file_id__isnull=False, made_at__isnull=False, expires_at__isnull=False) & ~Q(sha256=""),
                name="copies_copy_ready_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.FAILED, State.DESTROYED])
                | Q(file_id__isnull=True, link_digest__isnull=True),
                name="copies_copy_gone_is_gone",
            ),
            models.UniqueConstraint(
                fields=["controller_id", "customer_id", "kind"],
                condition=Q(state__in=[State.ORDERED, State.MAKING]),
                name="copies_copy_one_is_made",
            ),
        ]
        indexes = [
            models.Index(fields=["controller_id", "customer_id"], name="copies_copy_of"),
            models.Index(fields=["controller_id", "-ordered_at"], name="copies_copy_newest"),
            models.Index(
                fields=["controller_id", "expires_at"], condition=Q(state=State.READY), name="copies_copy_expires"
            ),
            models.Index(fields=["controller_id", "id"], condition=Q(to_follow=True), name="copies_copy_to_follow"),
        ]
