"""The register's codes in plain words."""

from django.utils.translation import gettext as _

from trustdesk.register.contracts import ConfirmedBy, CustomerKind, RestrictionGround, SourceKind


def kind_label(kind: CustomerKind) -> str:
    return {
        CustomerKind.PERSON: _("Person"),
        CustomerKind.COMPANY: _("Company"),
        CustomerKind.SOLE_TRADER: _("Sole trader"),
        CustomerKind.NAMED_EMPLOYEE: _("Contact at a company"),
    }[kind]


def kind_icon(kind: CustomerKind) -> str:
    return "building" if kind in {CustomerKind.COMPANY, CustomerKind.SOLE_TRADER} else "person"


def origin_label(kind: SourceKind, name: str) -> str:
    """Where a value came from, as one says it."""
    if kind is SourceKind.DIRECT:
        return _("from the customer")
    sentences = {
        SourceKind.IMPORT: _("from the list “%(name)s”"),
        SourceKind.BOUGHT: _("from the bought list “%(name)s”"),
        SourceKind.FEED: _("from the update service “%(name)s”"),
        SourceKind.OTHER: _("from “%(name)s”"),
    }
    return sentences[kind] % {"name": name}


def confirmed_by_choices() -> list[tuple[str, str]]:
    """By what an operator can have found a value true; feeds and deliveries say so themselves."""
    return [(ConfirmedBy.CUSTOMER.value, _("The customer said so")), (ConfirmedBy.DOCUMENT.value, _("A document"))]


def ground_choices() -> list[tuple[str, str]]:
    """GDPR Art. 18(1)."""
    return [
        (
            RestrictionGround.ACCURACY_CONTESTED.value,
            _("The customer says it is wrong; being checked — Art. 18(1)(a)"),
        ),
        (RestrictionGround.UNLAWFUL_BUT_KEEP.value, _("Unlawful, but the customer wants it kept — Art. 18(1)(b)")),
        (RestrictionGround.NEEDED_FOR_CLAIMS.value, _("The customer needs it for a claim — Art. 18(1)(c)")),
        (RestrictionGround.OBJECTION_PENDING.value, _("The customer objected; we are weighing — Art. 18(1)(d)")),
    ]


def ground_label(ground: RestrictionGround) -> str:
    """Those that somebody can choose, and the one that erasure sets (GDPR Art. 17(3)(b))."""
    if ground is RestrictionGround.KEPT_BY_LAW:
        return _("Erased, but for what a law has us keep — Art. 17(3)(b)")
    return dict(ground_choices())[ground.value]


def happening_label(kind: str) -> str:
    """What happened to a customer."""
    labels = {
        "created": _("Created"),
        "recorded": _("Recorded"),
        "corrected": _("Corrected"),
        "confirmed": _("Confirmed"),
        "noted": _("Note written"),
        "disclosed": _("Disclosed"),
        "restricted": _("Restricted"),
        "released": _("Restriction lifted"),
        "merged": _("Merged"),
        "unmerged": _("Merge undone"),
        "notice": _("Informed"),
        "communicated": _("Communicated with"),
    }
    return labels.get(kind, kind)
