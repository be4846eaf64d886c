"""Tables of the mandates room. Mandates, seats and tokens are the controller's; the list of companies is not."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from trustdesk.kernel.ids import new_id


def _period(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")), name=name
    )


class Controller(models.Model):
    """A client company. Small numbers: they lead every key of every table."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=200, unique=True)
    country = models.CharField(max_length=2)
    languages = ArrayField(models.CharField(max_length=8))
    time_zone = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "mandates_controller"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(country__regex="^[A-Z]{2}$"), name="mandates_controller_country")
        ]


class Processor(models.Model):
    """A company that answers on behalf of controllers (GDPR Art. 28)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    country = models.CharField(max_length=2)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "mandates_processor"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(country__regex="^[A-Z]{2}$"), name="mandates_processor_country")
        ]


class Mandate(models.Model):
    """What a controller lets its own staff, or a processor, do with its customers' data, and how long."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller = models.ForeignKey(Controller, on_delete=models.PROTECT, related_name="+", db_index=False)
    id = models.BigIntegerField(default=new_id, editable=False)
    processor = models.ForeignKey(Processor, null=True, on_delete=models.PROTECT, related_name="+")
    purposes = ArrayField(models.CharField(max_length=32))
    categories = ArrayField(models.CharField(max_length=120))
    operations = ArrayField(models.CharField(max_length=64))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "mandates_mandate"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _period("mandates_mandate_period"),
            models.CheckConstraint(
                condition=models.Q(ended_reason="") | models.Q(ends_at__isnull=False),
                name="mandates_mandate_reason_needs_end",
            ),
            models.CheckConstraint(condition=models.Q(purposes__len__gt=0), name="mandates_mandate_has_purpose"),
        ]


class Seat(models.Model):
    """An operator's place under a mandate. No two at once: the migration holds an exclusion constraint."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller = models.ForeignKey(Controller, on_delete=models.PROTECT, related_name="+", db_index=False)
    id = models.BigIntegerField(default=new_id, editable=False)
    mandate_id = models.BigIntegerField()  # (controller_id, mandate_id) refers to the mandate: see the migration
    operator = models.ForeignKey("accounts.Operator", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    purposes = ArrayField(models.CharField(max_length=32))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mandates_seat"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _period("mandates_seat_period"),
            models.CheckConstraint(condition=models.Q(purposes__len__gt=0), name="mandates_seat_has_purpose"),
        ]


class ApiToken(models.Model):
    """Another system's way in. The secret is 256 random bits, so a plain digest of it is enough."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller = models.ForeignKey(Controller, on_delete=models.PROTECT, related_name="+", db_index=False)
    id = models.BigIntegerField(default=new_id, editable=False)
    mandate_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    digest = models.BinaryField(max_length=32)
    operations = ArrayField(models.CharField(max_length=64))
    purposes = ArrayField(models.CharField(max_length=32))
    responsible_operator = models.ForeignKey("accounts.Operator", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mandates_api_token"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _period("mandates_api_token_period"),
            models.CheckConstraint(condition=models.Q(purposes__len__gt=0), name="mandates_api_token_has_purpose"),
        ]
