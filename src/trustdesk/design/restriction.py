"""The grounds of a restriction in plain words (GDPR Art. 18(1))."""

from django.utils.translation import gettext as _

from trustdesk.register.contracts import RestrictionGround


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
