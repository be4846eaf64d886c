"""What the post publishes of its own country: the same for every company, and nothing of a person."""

from django.db import models
from django.db.models import Q


class Postcode(models.Model):
    """A postcode and what its town is called, in both of the country's languages."""

    pk = models.CompositePrimaryKey("country", "postcode")
    country = models.TextField()
    postcode = models.TextField()
    town_fi = models.TextField()
    town_sv = models.TextField()
    kind = models.TextField()  # the post's own code: streets, boxes, one company, …
    municipality = models.TextField()
    valid_from = models.DateField()
    edition = models.DateField()  # the day of the file it stands in

    class Meta:
        db_table = "feeds_postcode"


class Street(models.Model):
    """Houses of a street that have one postcode. `key` is the street as matching reads it, in either language."""

    country = models.TextField()
    key = models.TextField()
    postcode = models.TextField()
    side = models.TextField()
    lowest = models.IntegerField(null=True)
    highest = models.IntegerField(null=True)
    edition = models.DateField()

    class Meta:
        db_table = "feeds_street"
        constraints = [models.CheckConstraint(condition=Q(side__in=["", "odd", "even"]), name="feeds_street_side")]
        indexes = [models.Index(fields=["country", "key"], name="feeds_street_key")]
