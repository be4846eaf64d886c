"""What copies hold of a customer: that there is one, when it was fetched, and everything else in a sealed file."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_RIGHTS = "dpv:RightsFulfilment"
_RETENTION = "the file until expires_at; that there was one as long as the customer"
_COPY = (
    "kind language state progress reason to_send ordered_at made_at expires_at size sha256 masked sent_at"
    " missing downloads downloaded_at"
)


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.copies.services.farewell import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.copies.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.copies.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _field(column: str, category: str = "pd:PrivacyPreference") -> PersonalField:
    return PersonalField("copies_copy", column, category, _RIGHTS, _RETENTION, sealed=False)


DECLARATION = PrivacyDeclaration(
    capability="copies",
    fields=(
        _field("id", "pd:UID"),
        _field("customer_id", "pd:UID"),
        _field("message_id", "pd:UID"),
        *(_field(column) for column in _COPY.split()),
    ),
    not_personal={
        "copies_copy.controller_id": "which company owns the row",
        "copies_copy.ordered_by": "the operator's id: staff, declared by accounts",
        "copies_copy.file_id": "names a sealed file and its key",
        "copies_copy.to_follow": "whether another one is to be made",
        "copies_copy.link_digest": "of a random secret",
    },
    export=_export,
    erase=_erase,
    plan=_plan,
)
