"""The log as this interface shows it: who looked, and how far it is proven."""

from trustdesk.api.schemas.common import Id, Instant, Shown
from trustdesk.audit.contracts import EntryView, VerificationState


class Entry(Shown):
    """One entry. `index` is its place in the tree, null while it waits for its number. Where the month's key is
    destroyed only number, time and kind are left and `opened` is false.
    """

    entry_id: Id
    index: int | None
    at: Instant
    kind: str
    opened: bool
    what: str
    operator_id: Id | None
    mandate_id: Id | None
    purpose: str
    subject_count: int
    fields: list[str]
    reason: str

    @classmethod
    def of(cls, entry: EntryView) -> "Entry":
        return cls(
            entry_id=entry.id,
            index=entry.index,
            at=entry.at,
            kind=entry.kind,
            opened=entry.opened,
            what=entry.what,
            operator_id=entry.operator_id,
            mandate_id=entry.mandate_id,
            purpose=entry.purpose,
            subject_count=entry.subject_count,
            fields=list(entry.fields),
            reason=entry.reason,
        )


class Verification(Shown):
    """How far the log is numbered, signed, handed out and checked. Sizes count entries from the first one on."""

    size: int
    waiting: int
    signed_size: int
    signed_at: Instant | None
    handed_out_size: int
    handed_out_at: Instant | None
    checked_size: int
    checked_at: Instant | None
    first_bad: int | None

    @classmethod
    def of(cls, state: VerificationState) -> "Verification":
        return cls(
            size=state.size,
            waiting=state.waiting,
            signed_size=state.signed_size,
            signed_at=state.signed_at,
            handed_out_size=state.handed_out_size,
            handed_out_at=state.handed_out_at,
            checked_size=state.checked_size,
            checked_at=state.checked_at,
            first_bad=state.first_bad,
        )
