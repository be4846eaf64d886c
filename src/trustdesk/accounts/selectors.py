"""Reading operators. Nothing here writes."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator

from trustdesk.accounts.contracts import OperatorView, RecoveryView
from trustdesk.accounts.models import Operator, Recovery
from trustdesk.accounts.roles import INSTALLATION_ROLES
from trustdesk.kernel.errors import NotFoundError

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def operator_row(operator_id: int) -> Operator:
    """The operator's row, or NotFoundError."""
    found = Operator.objects.filter(id=operator_id).first()
    if found is None:
        raise NotFoundError("There is no such operator.", place="operator", mend="Look the operator up in the list.")
    return found


def has_second_factor(operator_id: int) -> bool:
    """Whether an authenticator app or a passkey stands; recovery codes alone do not count."""
    return bool(Authenticator.objects.filter(user_id=operator_id, type__in=SECOND_FACTORS).exists())


def operators() -> list[OperatorView]:
    """All operators by name, the disabled ones among them. Personal data of staff: for who may manage them."""
    with_factor = set(Authenticator.objects.filter(type__in=SECOND_FACTORS).values_list("user_id", flat=True))
    return [_view(row, row.id in with_factor) for row in Operator.objects.order_by("name", "id")]


def operator(operator_id: int) -> OperatorView:
    """One operator; NotFoundError where there is none."""
    row = operator_row(operator_id)
    return _view(row, has_second_factor(row.id))


def operator_by_email(email: str) -> OperatorView | None:
    """The operator who signs in with this address, in any case of letters; None where there is none."""
    row = Operator.objects.filter(email=email.strip().lower()).first()
    return None if row is None else _view(row, has_second_factor(row.id))


def names(operator_ids: Iterable[int]) -> dict[int, str]:
    """Names for numbers, to be shown beside log entries; unknown numbers are left out."""
    return dict(Operator.objects.filter(id__in=set(operator_ids)).values_list("id", "name"))


def is_active(operator_id: int) -> bool:
    """Accepted and not disabled."""
    return Operator.objects.filter(id=operator_id, accepted_at__isnull=False, disabled_at=None).exists()


def installation_operations(operator_id: int) -> frozenset[str]:
    """What the operator's roles of the whole installation allow now; nothing for who is not active."""
    row = Operator.objects.filter(id=operator_id, accepted_at__isnull=False, disabled_at=None).first()
    if row is None:
        return frozenset()
    return frozenset().union(*(INSTALLATION_ROLES.get(role, frozenset()) for role in row.installation_roles))


def open_recoveries() -> list[RecoveryView]:
    """Recoveries that wait for a second person, the oldest first; some may have grown too old to be approved."""
    rows = Recovery.objects.filter(approved_at=None, withdrawn_at=None).order_by("requested_at")
    return [recovery_view(row) for row in rows]


def recovery_persons() -> int:
    """How many active operators may ask for or approve a recovery; below two nobody's factor comes back."""
    return sum(
        "operator:recover" in installation_operations(operator_id)
        for operator_id in Operator.objects.exclude(installation_roles=[]).values_list("id", flat=True)
    )


def recovery_view(row: Recovery) -> RecoveryView:
    return RecoveryView(
        id=row.id,
        operator_id=row.operator_id,
        requested_by=row.requested_by_id,
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        approved_by=row.approved_by_id,
    )


def _view(row: Operator, with_factor: bool) -> OperatorView:  # noqa: FBT001  # private, one caller's shape
    state = "disabled" if row.disabled_at else "active" if row.accepted_at else "invited"
    return OperatorView(
        id=row.id,
        name=row.name,
        email=row.email,
        language=row.language,
        state=state,
        installation_roles=frozenset(row.installation_roles),
        has_second_factor=with_factor,
        last_sign_in_at=row.last_login,
    )
