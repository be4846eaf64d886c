"""Tables of outside: both owned by a controller. Neither holds anything of a person."""

from django.db import models
from django.db.models import Q

from trustdesk.outside.contracts import Kind, State, Verb


class Connector(models.Model):
    """A connected system. Its secret is wrapped under the root key."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    name = models.TextField()
    kind = models.TextField()
    setup = models.JSONField()
    secret = models.BinaryField(null=True)
    paused_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    fault = models.TextField(default="")
    where = models.TextField(default="")
    failing_since = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    class Meta:
        db_table = "outside_connector"
        constraints = [
            models.UniqueConstraint(fields=["controller_id", "name"], name="outside_connector_name"),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="outside_connector_kind"),
        ]


class Run(models.Model):
    """One thing to be done by one connector, under the name that whoever asked gave it; tried until it is done."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    connector_id = models.BigIntegerField()
    verb = models.TextField()
    key_digest = models.BinaryField()
    state = models.TextField()
    attempt = models.IntegerField(default=0)
    fault = models.TextField(default="")
    where = models.TextField(default="")
    counts = models.JSONField(default=list)
    first_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    operator_id = models.BigIntegerField()

    class Meta:
        db_table = "outside_run"
        constraints = [
            models.UniqueConstraint(
                fields=["controller_id", "connector_id", "verb", "key_digest"], name="outside_run_once"
            ),
            models.CheckConstraint(condition=Q(verb__in=list(Verb)), name="outside_run_verb"),
            models.CheckConstraint(
                condition=Q(state=State.DONE, next_at__isnull=True, fault="")
                | (Q(state__in=[State.AGAIN, State.STUCK], next_at__isnull=False) & ~Q(fault="")),
                name="outside_run_done_or_tried_again",
            ),
        ]
        indexes = [
            models.Index(
                fields=["controller_id", "next_at"],
                condition=Q(next_at__isnull=False),
                name="outside_run_waiting",
            ),
            models.Index(fields=["controller_id", "connector_id", "-id"], name="outside_run_newest"),
        ]
