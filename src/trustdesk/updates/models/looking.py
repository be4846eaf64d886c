"""What people look at: changes that can't be decided alone, samples of those that were, records that may be one."""

from django.db import models
from django.db.models import Q

from trustdesk.updates.contracts import ReviewState


class Review(models.Model):
    """A change that somebody decides. What it says is sealed under the key of the likeliest candidate, `customer_id`,
    and goes with them. `candidates` holds numbers, probabilities, levels and weights.
    """

    pk = models.CompositePrimaryKey("controller_id", "change_id")
    controller_id = models.IntegerField()
    change_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    sealed = models.BinaryField()
    candidates = models.JSONField()
    candidate_ids = models.JSONField()
    terms = models.JSONField()
    risky = models.BooleanField()
    state = models.TextField()  # one of `contracts.ReviewState`
    opened_at = models.DateTimeField()
    first_by = models.BigIntegerField(null=True)
    first_at = models.DateTimeField(null=True)
    first_choice = models.BigIntegerField(null=True)  # a candidate's number; 0: none of them
    second_by = models.BigIntegerField(null=True)  # where the two chose differently; else the second one decided
    second_at = models.DateTimeField(null=True)
    second_choice = models.BigIntegerField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    choice = models.BigIntegerField(null=True)
    closed = models.TextField(db_default="")  # why nobody decides it: restricted, erased

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="updates_review_state", condition=Q(state__in=[state.value for state in ReviewState])
            ),
            models.CheckConstraint(
                name="updates_review_two_pairs_of_eyes",
                condition=Q(risky=False)
                | Q(decided_by__isnull=True)
                | Q(first_by__isnull=False) & ~Q(decided_by=models.F("first_by")),
            ),
            models.CheckConstraint(
                name="updates_review_three_people",
                condition=Q(second_by__isnull=True)
                | ~Q(second_by=models.F("first_by")) & ~Q(decided_by=models.F("second_by")),
            ),
        ]
        indexes = [
            models.Index(
                name="updates_review_waiting",
                fields=["controller_id", "opened_at", "change_id"],
                condition=Q(state__in=["open", "second", "split"]),
            ),
            models.Index(
                name="updates_review_decided", fields=["controller_id", "decided_at"], condition=Q(state="decided")
            ),
            models.Index(name="updates_review_customer", fields=["controller_id", "customer_id"]),
        ]


class Candidate(models.Model):
    """Somebody a review names: found by their number when they are forgotten."""

    pk = models.CompositePrimaryKey("controller_id", "change_id", "customer_id")
    controller_id = models.IntegerField()
    change_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(name="updates_candidate_customer", fields=["controller_id", "customer_id"])]


class AuditRound(models.Model):
    """A sample drawn at random from the updates that were made by themselves in a period."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    made = models.IntegerField()
    anew = models.IntegerField(null=True)  # of them, those of no earlier sample's period; None: all, it was not counted
    size = models.IntegerField()
    # Counted here too: a figure that was published stays true when a customer of the sample is erased.
    right = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)

    class Meta:
        db_table = "updates_audit_round"


class Audit(models.Model):
    """One update of a sample, and what was found when somebody looked it up."""

    pk = models.CompositePrimaryKey("controller_id", "round_id", "change_id")
    controller_id = models.IntegerField()
    round_id = models.BigIntegerField()
    change_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    verdict = models.TextField(default="")  # empty: nobody looked yet
    judged_by = models.BigIntegerField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="updates_audit_verdict", condition=Q(verdict__in=["", "right", "wrong", "unknown"])
            ),
        ]
        indexes = [models.Index(name="updates_audit_customer", fields=["controller_id", "customer_id"])]


class Duplicate(models.Model):
    """Two records that may be one person."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField()
    probability = models.FloatField()
    second = models.TextField()
    evidence = models.JSONField()
    found_at = models.DateTimeField()
    state = models.TextField()  # open, merged, apart
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    merge_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="updates_duplicate_once", fields=["controller_id", "left_id", "right_id"]),
            models.CheckConstraint(name="updates_duplicate_state", condition=Q(state__in=["open", "merged", "apart"])),
            models.CheckConstraint(name="updates_duplicate_in_order", condition=Q(left_id__lt=models.F("right_id"))),
        ]
        indexes = [
            models.Index(name="updates_duplicate_right", fields=["controller_id", "right_id"]),
            models.Index(
                "controller_id",
                models.F("probability").desc(),
                "id",
                name="updates_duplicate_likeliest",
                condition=Q(state="open"),
            ),
            models.Index(
                name="updates_duplicate_decided",
                fields=["controller_id", "decided_at", "id"],
                condition=~Q(state="open"),
            ),
        ]
