"""By what customers are found for matching: blind tokens only."""

from django.db import models


class Profile(models.Model):
    """The tokens of one record, packed: derived from its values, made anew with them, gone with it."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    tokens = models.BinaryField()
    edition = models.SmallIntegerField()
    stamp = models.BigIntegerField()  # the transaction that wrote it: an index in memory asks for what is newer

    class Meta:
        indexes = [models.Index(name="updates_profile_stamp", fields=["controller_id", "stamp"])]


class Departed(models.Model):
    """A record whose profile went, for the indexes in memory; a number only, and gone after a day."""

    pk = models.CompositePrimaryKey("controller_id", "customer_id")
    controller_id = models.IntegerField()
    customer_id = models.BigIntegerField()
    stamp = models.BigIntegerField()
    at = models.DateTimeField()
