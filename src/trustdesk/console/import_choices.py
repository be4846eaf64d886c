"""What a list's columns, dates and source can be, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from trustdesk.design.law import basis_label
from trustdesk.intake.contracts import Undeclared
from trustdesk.register.contracts import Attribute, CustomerKind, SourceKind

Choices = list[tuple[str, str]]
_BASES = ("eu-gdpr:A6-1-a", "eu-gdpr:A6-1-b", "eu-gdpr:A6-1-c", "eu-gdpr:A6-1-f")


def kinds() -> Choices:
    return [
        (CustomerKind.PERSON.value, _("Persons")),
        (CustomerKind.COMPANY.value, _("Companies")),
        (CustomerKind.SOLE_TRADER.value, _("Sole traders")),
    ]


def date_formats() -> Choices:
    return [
        ("", "2026-03-04 (ISO 8601)"),
        ("%d.%m.%Y", "04.03.2026"),
        ("%Y.%m.%d.", "2026.03.04."),
        ("%d/%m/%Y", "04/03/2026"),
        ("%d-%m-%Y", "04-03-2026"),
    ]


def undeclared() -> Choices:
    return [
        (Undeclared.REFUSE.value, _("There must be none: refuse the list otherwise")),
        (Undeclared.DROP.value, _("Drop them: their contents are not kept anywhere")),
    ]


def source_kinds() -> Choices:
    return [
        (SourceKind.IMPORT.value, _("Our own older system")),
        (SourceKind.BOUGHT.value, _("A bought list")),
        (SourceKind.OTHER.value, _("Another")),
    ]


def legal_bases() -> Choices:
    return [(iri, f"{basis_label(iri)} · {iri}") for iri in _BASES]


def targets(catalog: Sequence[Attribute]) -> Choices:
    fields = [
        (":language", _("Language of the customer")),
        (":country", _("Country")),
        (":customer_since", _("Customer since")),
        (":last_sale_date", _("Last sale")),
        (":product_group", _("Product group")),
        (":as_of", _("Day the row was last known true")),
        (":kind", _("Kind")),
    ]
    return [*((attribute.code, _(attribute.label)) for attribute in catalog), *fields]
