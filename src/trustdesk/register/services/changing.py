"""Changes that a feed brings, applied value by value: many customers in one transaction and few statements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.register.contracts import (
    Attribute,
    Became,
    Changed,
    Confirmation,
    ConfirmedBy,
    KeptFor,
    SourceKind,
    ValueChange,
)
from trustdesk.register.reading import read_value
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.services.precedence import alike, confirmed_already, kept_for
from trustdesk.register.services.standing import Person, Standing, stand
from trustdesk.register.services.writing import Writing


def change_values(
    context: AccessContext, changes: Sequence[ValueChange], *, source_id: int, now: datetime
) -> Sequence[Changed]:
    """Take over what a feed says, up to some thousand changes at once; what became of each, in their order. Needs
    `feed:work`.

    The newer value wins (`as_of` against when the other was last found true, at the latest now). What the customer
    gave outranks it for `outranked_for`; what was rectified (GDPR Art. 16) or is restricted (Art. 18) is kept. What
    stands already is confirmed. Of customers shown as one, a value is replaced in the record it stands in. Values of
    an attribute that holds several stand side by side unless one is named in `replaces`.

    Several changes of one customer are applied one after the other. One entry of the log names all who were changed.
    NotFoundError where there is no such source; what a change alone gets wrong keeps that change out, and no other.
    """
    context.check_operation("feed:work")
    if not changes:
        return []
    with scoped(context.scope):
        source = catalog_of.source(context, source_id)
        people = stand(context, (change.customer_id for change in changes), what="register.change_values")
        writing = Writing(context, source_id=source_id, now=now)
        taker = _Taker(people, catalog_of.by_code(context), source.kind is SourceKind.DIRECT, writing)
        became = [taker.take(change) for change in changes]
        writing.write(people.values())
        if subjects := writing.subjects:
            counted = Counter(each.what.value for each in became)
            detail: dict[str, object] = {"source": source_id, **counted}
            context.journal.deed(context, "register.values.changed", subjects=subjects, detail=detail)
    return became


@dataclass(slots=True)
class _Taker:
    people: Mapping[int, Person]
    attributes: Mapping[str, Attribute]
    direct: bool
    writing: Writing

    def take(self, change: ValueChange) -> Changed:
        person, attribute = self.people.get(change.customer_id), self.attributes.get(change.attribute)
        if person is None or attribute is None or person.restricted:
            return Changed(Became.KEPT, _closed(person))
        held = self._meant(person, attribute, change)
        if held is None and (change.replaces is not None or not change.text):
            return Changed(Became.KEPT, KeptFor.MEANWHILE)
        if not change.text and held is not None:
            return self._end(held, change)
        try:
            country = person.record(change.customer_id).country
            text = read_value(attribute, change.text, country=country, today=self.writing.now.date())
        except BadInputError:
            return Changed(Became.KEPT, KeptFor.BAD_VALUE, held.value_id if held else None)
        return self._say(person, attribute, held, text, change)

    def _meant(self, person: Person, attribute: Attribute, change: ValueChange) -> Standing | None:
        """The value whose place the change takes."""
        values = person.values(attribute)
        if change.replaces is not None:
            return next((value for value in values if value.value_id == change.replaces), None)
        return None if attribute.many else next(values, None)

    def _say(
        self, person: Person, attribute: Attribute, held: Standing | None, text: str, change: ValueChange
    ) -> Changed:
        if held is not None and held.text is not None and alike(held.text, text):
            return self._confirm(held, change)
        there = next((each for each in person.values(attribute) if alike(each.text or "", text)), None)
        if there is not None and attribute.many:
            return self._confirm(there, change) if held is None else self._end(held, change, there=there)
        if attribute.many and any(alike(each, text) for each in person.struck_out(attribute)):
            return Changed(Became.KEPT, KeptFor.RECTIFIED, held.value_id if held else None)
        if held is None:
            added = self._fresh(person.record(change.customer_id).customer_id, attribute, text, change)
            person.record(change.customer_id).values.append(added)
            return Changed(Became.ADDED, new_value_id=added.value_id)
        if why := self._kept_for(held, change):
            return Changed(Became.KEPT, why, held.value_id)
        fresh = self._fresh(held.customer_id, attribute, text, change, replaced=held)
        person.record(held.customer_id).values.append(fresh)
        self.writing.supersede(held, by=fresh.value_id)
        return Changed(Became.REPLACED, old_value_id=held.value_id, new_value_id=fresh.value_id)

    def _confirm(self, held: Standing, change: ValueChange) -> Changed:
        if held.restricted:
            return Changed(Became.KEPT, KeptFor.RESTRICTED, held.value_id)
        as_of = self._as_of(change)
        why = confirmed_already(held, as_of=as_of, outranked_for=change.outranked_for)
        if why:
            return Changed(Became.CONFIRMED, why, held.value_id)
        before = None
        if held.confirmed_at is not None and held.confirmed_by is not None:
            before = Confirmation(held.confirmed_at, ConfirmedBy(held.confirmed_by))
        self.writing.confirm(held, at=max(as_of, held.since))
        number = held.value_id
        return Changed(Became.CONFIRMED, KeptFor.NOTHING, number, number, held.confirmed_at, before)

    def _end(self, held: Standing, change: ValueChange, *, there: Standing | None = None) -> Changed:
        """It holds no more; `there` stood beside it already and is what counts instead."""
        if why := self._kept_for(held, change):
            return Changed(Became.KEPT, why, held.value_id)
        if there is not None:
            self._confirm(there, change)
        self.writing.supersede(held, by=there.value_id if there else None)
        if there is None:
            self.writing.note(held.customer_id, "ended", held.value_id)
        return Changed(Became.ENDED, old_value_id=held.value_id)

    def _kept_for(self, held: Standing, change: ValueChange) -> KeptFor:
        return kept_for(held, as_of=self._as_of(change), outranked_for=change.outranked_for)

    def _as_of(self, change: ValueChange) -> datetime:
        """A clock that runs ahead makes nothing truer than what is known now."""
        return min(change.as_of, self.writing.now)

    def _fresh(
        self, customer_id: int, attribute: Attribute, text: str, change: ValueChange, replaced: Standing | None = None
    ) -> Standing:
        as_of = self._as_of(change)
        fresh = Standing(
            value_id=new_id(),
            customer_id=customer_id,
            attribute=attribute,
            text=text,
            label=change.label or (replaced.label if replaced else ""),
            shared_line=change.shared_line or (replaced is not None and replaced.shared_line),
            since=as_of,
            given_at=as_of if self.direct else None,
            confirmed_at=as_of,
            confirmed_by=ConfirmedBy.FEED.value,
            rectified=False,
            restricted=False,
            stood=False,
            current=True,
        )
        self.writing.add(fresh)
        return fresh


def _closed(person: Person | None) -> KeptFor:
    if person is None:
        return KeptFor.NOBODY
    return KeptFor.RESTRICTED if person.restricted else KeptFor.UNDECLARED
