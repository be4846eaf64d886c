"""Tables of the register: all owned by a controller, keys led by it. Foreign keys, checks on several columns and
column-wise grants stand as SQL in the migrations, because Django knows no composite foreign key.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from trustdesk.vault.api import token_editions


class Source(models.Model):
    """Where values come from. Never changed once recorded."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    kind = models.TextField()
    name = models.TextField()
    legal_basis = models.TextField()
    seller = models.TextField()
    acquired_date = models.DateField(null=True)
    proof = models.TextField()
    evidence_sha256 = models.BinaryField()
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="register_source_bought_is_proved",
                condition=~models.Q(kind="bought")
                | (
                    ~models.Q(seller="")
                    & models.Q(acquired_date__isnull=False)
                    & ~models.Q(legal_basis="")
                    & ~models.Q(proof="")
                ),
            ),
            models.CheckConstraint(
                name="register_source_kind",
                condition=models.Q(kind__in=["direct", "import", "bought", "feed", "other"]),
            ),
        ]


class Attribute(models.Model):
    """The declared catalog. Never changed once declared: another meaning is another attribute."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    code = models.TextField()
    label = models.TextField()
    kind = models.TextField()
    category = models.TextField()
    purposes = ArrayField(models.TextField())
    legal_basis = models.TextField()
    retention_class = models.TextField()
    retention_period = models.TextField()
    sealed = models.BooleanField()
    many = models.BooleanField()
    fresh_days = models.IntegerField()
    declared_at = models.DateTimeField()
    declared_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="register_attribute_code", fields=["controller_id", "code"]),
            models.CheckConstraint(
                name="register_attribute_identity_is_sealed",
                condition=models.Q(sealed=True) | models.Q(kind__in=["region", "code", "date"]),
            ),
        ]


class Customer(models.Model):
    """One data subject or company. `headline` is the sealed name and town a list shows."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    kind = models.TextField()
    headline = models.BinaryField()
    language = models.TextField()
    country = models.TextField()  # whose law counts (unknown where empty), and by which the tokens' spellings go
    employer_id = models.BigIntegerField(null=True)
    customer_since = models.DateField(null=True)
    last_sale_date = models.DateField(null=True)
    product_groups = ArrayField(models.TextField())
    source_id = models.BigIntegerField()
    collected_at = models.DateTimeField()
    notice_kind = models.TextField(null=True)  # noqa: DJ001  # null means not given: paired by a check
    notice_version = models.TextField(null=True)  # noqa: DJ001
    notice_given_at = models.DateTimeField(null=True)
    art14_due_at = models.DateTimeField(null=True)
    restricted_at = models.DateTimeField(null=True)
    restriction_ground = models.TextField(null=True)  # noqa: DJ001
    merged_into = models.BigIntegerField(null=True)
    token_edition = models.SmallIntegerField()  # of the normalisers that made this customer's tokens, all of them
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="register_customer_kind",
                condition=models.Q(kind__in=["person", "company", "sole_trader", "named_employee"]),
            ),
            models.CheckConstraint(
                name="register_customer_restriction_has_ground",
                condition=models.Q(restricted_at__isnull=True, restriction_ground__isnull=True)
                | models.Q(restricted_at__isnull=False, restriction_ground__in=["a", "b", "c", "d", "law"]),
            ),
            models.CheckConstraint(
                name="register_customer_notice_has_version",
                condition=models.Q(notice_kind__isnull=True, notice_version__isnull=True, notice_given_at__isnull=True)
                | (
                    models.Q(notice_kind__in=["art13", "art14"], notice_given_at__isnull=False)
                    & models.Q(notice_version__isnull=False)
                    & ~models.Q(notice_version="")
                ),
            ),
            models.CheckConstraint(
                name="register_customer_not_into_itself", condition=~models.Q(merged_into=models.F("id"))
            ),
        ]
        indexes = [
            models.Index(
                name="register_customer_merged",
                fields=["controller_id", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
            ),
            models.Index(
                name="register_customer_employer",
                fields=["controller_id", "employer_id"],
                condition=models.Q(employer_id__isnull=False),
            ),
            models.Index(
                name="register_customer_art14",
                fields=["controller_id", "art14_due_at"],
                condition=models.Q(art14_due_at__isnull=False),
            ),
            # Empty but for the days after an upgrade that brought a new edition: that upgrade makes the index anew.
            models.Index(
                name="register_customer_old_tokens",
                fields=["controller_id", "id"],
                condition=models.Q(token_edition__lt=token_editions()[-1]),
            ),
        ]


class Value(models.Model):
    """One fact, with where it came from and when it was last confirmed. What it says is never changed."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    attribute_id = models.BigIntegerField()
    sealed = models.BinaryField(null=True)
    open_text = models.TextField(null=True)  # noqa: DJ001  # exactly one of the two is set
    label = models.TextField()
    shared_line = models.BooleanField()
    source_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.TextField(null=True)  # noqa: DJ001  # paired with confirmed_at
    confirmed_by_operator = models.BigIntegerField(null=True)
    rectified = models.BooleanField()
    restricted_at = models.DateTimeField(null=True)
    restriction_ground = models.TextField(null=True)  # noqa: DJ001
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="register_value_sealed_or_open",
                condition=models.Q(sealed__isnull=True, open_text__isnull=False)
                | models.Q(sealed__isnull=False, open_text__isnull=True),
            ),
            models.CheckConstraint(
                name="register_value_confirmed_by_something",
                condition=models.Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="register_value_restriction_has_ground",
                condition=models.Q(restricted_at__isnull=True, restriction_ground__isnull=True)
                | models.Q(restricted_at__isnull=False, restriction_ground__in=["a", "b", "c", "d", "law"]),
            ),
        ]
        indexes = [
            models.Index(
                name="register_value_open",
                fields=["controller_id", "attribute_id", "open_text"],
                condition=models.Q(open_text__isnull=False, superseded_at__isnull=True),
            ),
        ]


class Token(models.Model):
    """Blind index: which customers a token leads to. Derived from values and notes; no foreign key, see ADR 0006."""

    pk = models.CompositePrimaryKey("controller_id", "token", "customer_id")
    controller_id = models.IntegerField()
    token = models.BigIntegerField()
    customer_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(name="register_token_customer", fields=["controller_id", "customer_id"])]


class JointToken(models.Model):
    """Of customers shown as one: the tokens of all their records, under the one shown. Derived from Token."""

    pk = models.CompositePrimaryKey("controller_id", "token", "customer_id")
    controller_id = models.IntegerField()
    token = models.BigIntegerField()
    customer_id = models.BigIntegerField()

    class Meta:
        db_table = "register_joint_token"
        indexes = [models.Index(name="register_joint_token_customer", fields=["controller_id", "customer_id"])]


class ProductGroup(models.Model):
    """What the company sells, as relationships name it."""

    pk = models.CompositePrimaryKey("controller_id", "name")
    controller_id = models.IntegerField()
    name = models.TextField()

    class Meta:
        db_table = "register_product_group"


class Note(models.Model):
    """What an operator wrote about a customer, sealed."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    sealed = models.BinaryField()
    written_at = models.DateTimeField()
    written_by = models.BigIntegerField()


class Event(models.Model):
    """What happened to a customer beyond what the other tables tell by themselves: ids and codes only."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.TextField()
    operator_id = models.BigIntegerField()
    value_id = models.BigIntegerField(null=True)
    detail = models.TextField()


class Disclosure(models.Model):
    """The ledger of what was given to whom."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    value_id = models.BigIntegerField()
    recipient = models.TextField()
    purpose = models.TextField()
    legal_basis = models.TextField()
    disclosed_at = models.DateTimeField()
    disclosed_by = models.BigIntegerField()


class Merge(models.Model):
    """Two customers shown as one. `moved` are those that had been merged into the customer before."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    into_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    moved = ArrayField(models.BigIntegerField())
    reason = models.TextField()
    merged_at = models.DateTimeField()
    merged_by = models.BigIntegerField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="register_merge_live",
                fields=["controller_id", "customer_id"],
                condition=models.Q(undone_at__isnull=True),
            ),
        ]
        # Whoever is erased is looked for here from both sides, undone merges included.
        indexes = [
            models.Index(name="register_merge_customer", fields=["controller_id", "customer_id"]),
            models.Index(name="register_merge_into", fields=["controller_id", "into_id"]),
        ]


class Freshness(models.Model):
    """For how long a confirmation of an attribute counts: one by something (source 0), or one by a named source."""

    pk = models.CompositePrimaryKey("controller_id", "attribute_id", "confirmed_by", "source_id")
    controller_id = models.IntegerField()
    attribute_id = models.BigIntegerField()
    confirmed_by = models.TextField()
    source_id = models.BigIntegerField()
    days = models.IntegerField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="register_freshness_days", condition=models.Q(days__range=(1, 3650))),
            models.CheckConstraint(
                name="register_freshness_of_one",
                condition=(models.Q(confirmed_by="") & ~models.Q(source_id=0))
                | (~models.Q(confirmed_by="") & models.Q(source_id=0)),
            ),
        ]


class Question(models.Model):
    """What a conversation asked of a contact point, once; or (`spared`) what it need not ask because a feed knew."""

    pk = models.CompositePrimaryKey("controller_id", "conversation_id", "attribute_id", "spared")
    controller_id = models.IntegerField()
    conversation_id = models.BigIntegerField()
    attribute_id = models.BigIntegerField()
    spared = models.BooleanField()
    customer_id = models.BigIntegerField()
    value_id = models.BigIntegerField()
    at = models.DateTimeField()
    answer = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="register_question_once",
                fields=["controller_id", "conversation_id"],
                condition=models.Q(spared=False),
            ),
            models.CheckConstraint(
                name="register_question_answer",
                condition=models.Q(answer__in=["", "true", "changed", "corrected", "not_now"]),
            ),
        ]
        indexes = [
            models.Index(name="register_question_customer", fields=["controller_id", "customer_id"]),
            models.Index(name="register_question_at", fields=["controller_id", "at"]),
        ]


class Spared(models.Model):
    """How many questions of an attribute a day spared. Outlives the marks it was counted from; names nobody."""

    pk = models.CompositePrimaryKey("controller_id", "day", "attribute_id")
    controller_id = models.IntegerField()
    day = models.DateField()
    attribute_id = models.BigIntegerField()
    count = models.IntegerField()


class FreshCount(models.Model):
    """How many current values a night found, and how many of them fresh."""

    pk = models.CompositePrimaryKey("controller_id", "day", "attribute_id", "source_id", "confirmed_by")
    controller_id = models.IntegerField()
    day = models.DateField()
    attribute_id = models.BigIntegerField()
    source_id = models.BigIntegerField()
    confirmed_by = models.TextField()
    held = models.IntegerField()
    fresh = models.IntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "register_fresh_count"
