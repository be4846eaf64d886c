"""Changes of a feed taken back: what counted before counts again, and the history keeps both."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register.contracts import ConfirmedBy, TakeBack
from trustdesk.register.services.standing import Person, Standing, stand
from trustdesk.register.services.writing import Writing


def take_back(context: AccessContext, taken: Sequence[TakeBack], *, now: datetime) -> Sequence[bool]:
    """Undo changes of `change_values`, up to some thousand at once; for each, in their order, whether it was undone.
    Needs `feed:work` or `update:undo`.

    The old value counts again and the feed's no more; both stay in the history, and whoever was told of the change is
    told of this. Of a confirmation the one before counts again, where it is known, without who of the staff it was of;
    where it is not, none does. False, and nothing is written, where somebody changed, confirmed
    or restricted the value since, where the old one is gone, and for who is restricted (GDPR Art. 18) or not here.
    """
    if not context.allows("update:undo"):
        context.check_operation("feed:work")
    if not taken:
        return []
    with scoped(context.scope):
        former = sorted({each.old_value_id for each in taken if each.old_value_id is not None})
        people = stand(context, (each.customer_id for each in taken), what="register.take_back", former=former)
        writing = Writing(context, now=now)
        undone = [_undo(writing, people.get(each.customer_id), each) for each in taken]
        writing.write(people.values())
        if subjects := writing.subjects:
            detail: dict[str, object] = {"changes": sum(undone)}
            context.journal.deed(context, "register.values.taken_back", subjects=subjects, detail=detail)
    return undone


def _undo(writing: Writing, person: Person | None, taken: TakeBack) -> bool:
    if person is None or person.restricted:
        return False
    old, new = person.value(taken.old_value_id), person.value(taken.new_value_id)
    if taken.new_value_id is not None and (new is None or not _untouched(new)):
        return False
    if taken.old_value_id is not None and old is None:
        return False
    if new is not None and old is new:
        return _confirmed_no_more(writing, new, taken)
    said = new or old
    if said is None or (old is not None and not _counts_again(person, old, new)):
        return False
    if new is not None:
        writing.supersede(new, by=old.value_id if old else None)
    if old is not None:
        writing.revive(old)
    writing.note(said.customer_id, "taken_back", said.value_id)
    return True


def _confirmed_no_more(writing: Writing, value: Standing, taken: TakeBack) -> bool:
    """What was confirmed since stands on its own."""
    if taken.confirmed_at not in (None, value.confirmed_at):
        return False
    writing.restore(value, taken.before)
    writing.note(value.customer_id, "taken_back", value.value_id)
    return True


def _untouched(value: Standing) -> bool:
    """Whether it still counts on nobody's word but a feed's."""
    by_feed = value.confirmed_by == ConfirmedBy.FEED.value
    return value.current and by_feed and not value.rectified and not value.restricted


def _counts_again(person: Person, old: Standing, new: Standing | None) -> bool:
    """Whether the old value's place is free, but for what the feed put there."""
    if old.current or old.restricted or old.text is None:
        return False
    if new is not None:
        return old.superseded_by == new.value_id
    held = (value for value in person.values(old.attribute) if value.customer_id == old.customer_id)
    return old.attribute.many or next(held, None) is None
