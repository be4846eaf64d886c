"""Links that were asked for, visits that came of them, and consents that wait to be confirmed. No secret is kept,
only its digest.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Link(models.Model):
    """One question for a link. The address is sealed and gone as soon as it was looked up; its keyed digest stays
    as long as the link, to count by. `customers` and `values` stand beside each other: at whom the address was found,
    and where.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    browser = models.BinaryField()
    address_key = models.BinaryField()
    address = models.BinaryField(null=True)
    language = models.TextField()
    digest = models.BinaryField(null=True)
    customers = ArrayField(models.BigIntegerField(), default=list)
    values = ArrayField(models.BigIntegerField(), default=list)
    shared = models.BooleanField(default=False)
    tries = models.SmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_link"
        constraints = [
            models.CheckConstraint(
                name="identity_link_looked_up_or_waiting",
                condition=Q(address__isnull=True) | Q(digest__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="identity_link_address", fields=["controller_id", "address_key", "asked_at"]),
            # For `identity_links_of` alone: nothing that the policies bind may use it.
            GinIndex(name="identity_link_customers", fields=["customers"], condition=~Q(customers=[])),
        ]


class Form(models.Model):
    """A consent asked for by a form of the company, until it was looked up whose address it is: what was sent is
    sealed, and gone then. The address's keyed digest stays, to count by.
    """

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    address_key = models.BinaryField()
    sent = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "identity_form"
        indexes = [models.Index(name="identity_form_address", fields=["controller_id", "address_key", "asked_at"])]


class Visit(models.Model):
    """A customer who is in. The secret is in the browser's cookie."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    digest = models.BinaryField()
    customer_id = models.BigIntegerField()
    value_id = models.BigIntegerField()
    proof = models.TextField()
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_visit"
        constraints = [
            models.CheckConstraint(name="identity_visit_proof", condition=Q(proof__in=["mailbox", "mailbox-and-fact"])),
        ]
        indexes = [models.Index(name="identity_visit_of", fields=["controller_id", "customer_id"])]


class Confirmation(models.Model):
    """A consent that was asked for and is not given before the link in the mail is confirmed (double opt-in)."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    digest = models.BinaryField()
    customer_id = models.BigIntegerField()
    event_id = models.BigIntegerField()  # clearance's: what was asked for, with its words
    message_id = models.BigIntegerField()  # delivery's: the mail that is answered
    language = models.TextField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_confirmation"
        indexes = [models.Index(name="identity_confirmation_of", fields=["controller_id", "customer_id"])]
