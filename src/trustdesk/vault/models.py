"""Tables of the vault. Every column of a key is a box; what is destroyed has no box any more."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


def _destroyed_means_gone(name: str) -> models.CheckConstraint:
    gone = Q(destroyed_at__isnull=False, wrapped__isnull=True)
    here = Q(destroyed_at__isnull=True, wrapped__isnull=False)
    return models.CheckConstraint(condition=gone | here, name=name)


class ControllerKey(models.Model):
    """Wraps the controller's data keys; wrapped itself under the root key. One is active, one may be retiring."""

    pk = models.CompositePrimaryKey("controller_id", "version")
    controller_id = models.IntegerField()
    version = models.IntegerField()
    state = models.TextField()
    wrapped = models.BinaryField(null=True)
    root_key_id = models.TextField()
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "vault_controller_key"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _destroyed_means_gone("vault_controller_key_destroyed"),
            models.CheckConstraint(
                condition=Q(state__in=["active", "retiring"], destroyed_at__isnull=True)
                | Q(state="destroyed", destroyed_at__isnull=False),
                name="vault_controller_key_state",
            ),
            models.UniqueConstraint(
                fields=["controller_id"], condition=Q(state="active"), name="vault_controller_key_one_active"
            ),
        ]


class TokenKey(models.Model):
    """Makes blind tokens: one for search; for suppression one a level, all of them needed for ever."""

    pk = models.CompositePrimaryKey("controller_id", "purpose", "level")
    controller_id = models.IntegerField()
    purpose = models.TextField()
    level = models.IntegerField()
    wrapped = models.BinaryField()
    root_key_id = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "vault_token_key"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(purpose="search", level=1) | Q(purpose="suppression", level__gte=1),
                name="vault_token_key_purpose",
            )
        ]


class FileKey(models.Model):
    """Seals one file of the data folder. Destroyed with the file: what the disk keeps of it then says nothing."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    controller_key_version = models.IntegerField()  # of a living controller key, as for data keys
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "vault_file_key"
        constraints: ClassVar[list[models.BaseConstraint]] = [_destroyed_means_gone("vault_file_key_destroyed")]


class StreamKey(models.Model):
    """Seals one recording while it is made. Wrapped under the controller's key until the customer is known, then under
    the customer's own of a class: one wrapping at a time, and whatever destroys it or its wrapper destroys the file.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    retention_class = models.TextField(default="")
    controller_key_version = models.IntegerField(null=True)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "vault_stream_key"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _destroyed_means_gone("vault_stream_key_destroyed"),
            models.CheckConstraint(
                condition=Q(customer_id__isnull=True, retention_class="", controller_key_version__isnull=False)
                | Q(
                    customer_id__isnull=False,
                    retention_class__regex=r"^(service|statutory:[A-Za-z0-9._-]{1,60})$",
                    controller_key_version__isnull=True,
                ),
                name="vault_stream_key_one_wrapper",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["controller_id", "customer_id"],
                condition=Q(customer_id__isnull=False),
                name="vault_stream_key_customer",
            ),
            models.Index(
                fields=["controller_id", "controller_key_version"],
                condition=Q(customer_id__isnull=True, destroyed_at__isnull=True),
                name="vault_stream_key_unfiled",
            ),
        ]


class DataKey(models.Model):
    """Seals one customer's values of one retention class. Destroyed it stays as a row without a box, for good."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id", "retention_class")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    retention_class = models.TextField()
    controller_key_version = models.IntegerField()  # of a living controller key: a trigger in the migrations looks
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "vault_data_key"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _destroyed_means_gone("vault_data_key_destroyed"),
            models.CheckConstraint(
                condition=Q(retention_class__regex=r"^(service|proof|statutory:[A-Za-z0-9._-]{1,60})$"),
                name="vault_data_key_retention_class",
            ),
        ]
