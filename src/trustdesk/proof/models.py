"""Tables of proof: all owned by a controller. What is looked for and what was found stands in boxes under a key of
the search's own, which is destroyed as the certificate is issued.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from trustdesk.proof.contracts import HitState, PartKind, PartState, SearchState


class Search(models.Model):
    """The proof of one erasure. `id` is also whom its boxes are sealed for: no customer, a key of its own.

    `check_values` are made when the person is handed a code; the code itself is not kept. `round_id` is the first of
    the searches whose persons are looked for in one walk.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    plan_id = models.BigIntegerField()
    round_id = models.BigIntegerField(null=True)
    state = models.TextField(default=SearchState.PREPARED)
    sought = models.BinaryField(null=True)
    variants = models.IntegerField()
    prepared_at = models.DateTimeField()
    check_values = ArrayField(models.TextField(), null=True)
    link_digest = models.BinaryField(null=True)
    handed_out_at = models.DateTimeField(null=True)
    systems = models.JSONField(default=list)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "proof_search"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["controller_id", "plan_id"], name="proof_search_one_a_plan"),
            models.CheckConstraint(condition=Q(state__in=list(SearchState)), name="proof_search_state"),
            models.CheckConstraint(
                condition=Q(handed_out_at__isnull=True, check_values__isnull=True, link_digest__isnull=True)
                | Q(handed_out_at__isnull=False, check_values__isnull=False, link_digest__isnull=False),
                name="proof_search_handed_out",
            ),
            models.CheckConstraint(
                condition=Q(state=SearchState.PROVED, sought__isnull=True)
                | (~Q(state=SearchState.PROVED) & Q(sought__isnull=False)),
                name="proof_search_forgets",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SearchState.PREPARED, SearchState.SCANNING]) | Q(ended_at__isnull=False),
                name="proof_search_read",
            ),
            models.CheckConstraint(
                condition=Q(state=SearchState.PREPARED, round_id__isnull=True)
                | (~Q(state=SearchState.PREPARED) & Q(round_id__isnull=False)),
                name="proof_search_in_a_round",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["controller_id", "-prepared_at"], name="proof_search_newest"),
            models.Index(
                fields=["controller_id", "round_id"], condition=Q(round_id__isnull=False), name="proof_search_round"
            ),
        ]


class Part(models.Model):
    """A table or folder of one round. `reached` is where reading goes on after a kill, sealed under the key of the
    round's first search.
    """

    pk = models.CompositePrimaryKey("controller_id", "round_id", "kind", "name")
    controller_id = models.IntegerField()
    round_id = models.BigIntegerField()
    kind = models.TextField()
    name = models.TextField()
    state = models.TextField(default=PartState.WAITING)
    reached = models.BinaryField(null=True)
    columns = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    milliseconds = models.BigIntegerField(default=0)
    unread = models.JSONField(default=dict)

    class Meta:
        db_table = "proof_part"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=list(PartKind)), name="proof_part_kind"),
            models.CheckConstraint(condition=Q(state__in=list(PartState)), name="proof_part_state"),
            models.CheckConstraint(
                condition=~Q(state=PartState.READ) | Q(reached__isnull=True), name="proof_part_read"
            ),
        ]


class Found(models.Model):
    """Something that was found, sealed; and what was decided of it. `what` names a table or folder of ours."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    search_id = models.BigIntegerField()
    kind = models.TextField()
    what = models.TextField()
    sealed = models.BinaryField(null=True)
    state = models.TextField(default=HitState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    reason = models.TextField(default="")
    law = models.TextField(default="")

    class Meta:
        db_table = "proof_found"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=list(PartKind)), name="proof_found_kind"),
            models.CheckConstraint(
                condition=Q(state=HitState.OPEN, decided_at__isnull=True, decided_by__isnull=True)
                | Q(
                    state__in=[HitState.CLEARED, HitState.JUSTIFIED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    decided_at__gte=F("found_at"),
                ),
                name="proof_found_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=HitState.JUSTIFIED) | (~Q(reason="") & ~Q(law="")), name="proof_found_justified"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["controller_id", "search_id", "state"], name="proof_found_of"),
        ]


class Certificate(models.Model):
    """What was issued: one for a plan, signed, and named by an entry of the log. It names nobody."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    plan_id = models.BigIntegerField()
    number = models.TextField()
    text = models.TextField()
    signature = models.BinaryField()
    entry_id = models.BigIntegerField()
    issued_at = models.DateTimeField()
    backup_free_from = models.DateField()
    link_digest = models.BinaryField(null=True)

    class Meta:
        db_table = "proof_certificate"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["controller_id", "plan_id"], name="proof_certificate_one_a_plan"),
            models.UniqueConstraint(fields=["controller_id", "number"], name="proof_certificate_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["controller_id", "-issued_at"], name="proof_certificate_newest"),
        ]
