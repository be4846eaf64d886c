"""Forgetting customers' conversations, many at once: called through the privacy registry."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from trustdesk.conversations import places, watching
from trustdesk.conversations.contracts import How
from trustdesk.conversations.models import Complaint, Conversation
from trustdesk.conversations.services.identifying import keep_apart
from trustdesk.isolation.api import joined
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.persons import Lines, owners, records, summed
from trustdesk.kernel.registries import Fate, Person, Planned
from trustdesk.vault.api import destroy_many

# Theirs, and those in which they are offered: `matches && …` itself would read every conversation of the company.
_FOUND = """
SELECT id, customer_id, matches FROM conversations_conversation
WHERE controller_id = %(company)s
  AND (customer_id = ANY(%(ids)s::bigint[]) OR id = ANY(ARRAY(SELECT conversations_offering(%(ids)s::bigint[]))))
"""
_LOCKED = """
SELECT id, customer_id, matches FROM conversations_conversation
WHERE controller_id = %(company)s AND id = ANY(%(conversations)s::bigint[]) ORDER BY id FOR UPDATE
"""
# The register finds the customers by the same tokens. OFFSET 0: each is looked up by itself, so that it takes as long
# whether there are a thousand parties or a million; joined as a whole, all of them are read until there are very many.
_NUMBERS = """
SELECT DISTINCT theirs.customer_id, found.party_id, found.conversation_id, found.customer_id
FROM register_token AS theirs
CROSS JOIN LATERAL (
  SELECT p.id AS party_id, c.id AS conversation_id, c.customer_id FROM conversations_party AS p
  JOIN conversations_conversation AS c ON c.controller_id = p.controller_id AND c.id = p.conversation_id
  LEFT JOIN conversations_interaction AS i ON i.controller_id = p.controller_id AND i.id = p.interaction_id
  WHERE p.controller_id = theirs.controller_id AND p.token = theirs.token AND (c.customer_id IS NULL OR i.unconfirmed)
  OFFSET 0
) AS found
WHERE theirs.controller_id = %(company)s AND theirs.customer_id = ANY(%(ids)s::bigint[])
"""
# Asked again with the conversation locked: somebody may have found out whose it is.
_FORGET_NUMBERS = """
UPDATE conversations_party AS gone SET sealed = NULL, token = NULL
FROM conversations_party AS p
JOIN conversations_conversation AS c ON c.controller_id = p.controller_id AND c.id = p.conversation_id
LEFT JOIN conversations_interaction AS i ON i.controller_id = p.controller_id AND i.id = p.interaction_id
WHERE p.controller_id = %(company)s AND p.id = ANY(%(parties)s::bigint[])
  AND (c.customer_id IS NULL OR i.unconfirmed)
  AND gone.controller_id = p.controller_id AND gone.id = p.id
RETURNING gone.id
"""
_DELETE = """
DELETE FROM conversations_conversation
WHERE controller_id = %(company)s AND customer_id = ANY(%(ids)s::bigint[]) RETURNING customer_id
"""
_HELD = "GDPR Art. 17(3)(e)"


@dataclass(frozen=True, slots=True)
class _Found:
    """Conversations by their customer, and the offers in those that are nobody's."""

    threads: Mapping[int, int]
    offers: Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of a customer's in somebody else's conversation, or where nobody was identified."""

    customer_id: int
    party_id: int
    conversation_id: int
    nobodys: bool


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: conversations, numbers and offers go; complaint files and what a legal hold keeps stay."""
    lines, whose = Lines(persons), owners(persons)
    with joined(context.scope):
        found = _sorted(_ask(_FOUND, context, ids=list(whose)), whose)
        numbers = _numbers(context, whose)
        held = watching.held(context)
        own = {"controller_id": context.controller_id, "customer_id__in": list(whose)}
        files = list(Complaint.objects.filter(**own).order_by("id"))
    lines.going("conversations", [(customer, 1) for each, customer in found.threads.items() if each not in held])
    kept = summed(persons, [(customer, 1) for each, customer in found.threads.items() if each in held])
    for each, count in zip(lines.each, kept, strict=True):
        if count:
            each.append(Planned("conversations", count, Fate.KEPT, _HELD))
    going = {number.party_id for number in numbers if number.conversation_id not in held}
    lines.going("numbers", _numbers_of_each(persons, numbers, going))
    lines.going("offers", _offers_of_each(persons, found.offers))
    for file in files:
        until = file.keep_until.date() if file.keep_until else None
        line = Planned("complaints", 1, Fate.KEPT, file.rules["keep_law"]["text"], until, under=places.COMPLAINT)
        lines.each[whose[file.customer_id or 0]].append(line)
    return lines.each


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget the customers' conversations; for each person the number of rows (GDPR Art. 17). Complaint files stay,
    sealed under their own key and restricted, until their years are over (Art. 17(3)(b), 18); what a legal hold keeps
    stays under a key of its own, restricted, until that is released (Art. 17(3)(e)).

    Of conversations with nobody identified, numbers that are the customers' are deleted, and they are offered in none.
    """
    now, whose = clock.now(), owners(persons)
    with joined(context.scope):
        numbers = _numbers(context, whose)
        found = _hold(context, whose, {number.conversation_id for number in numbers})
        held = watching.held(context)
        kept = sorted(each for each in found.threads if each in held)
        with_file = _restrict_files(context, whose, kept, now=now)
        forgotten = _forget_numbers(context, numbers, held, now=now)
        for row in Conversation.objects.filter(controller_id=context.controller_id, id__in=kept).order_by("id"):
            keep_apart(context, row, now=now)
        threads = Counter(row[0] for row in _ask(_DELETE, context, ids=list(whose)))
        _withdraw_offers(context, found.offers, whose)
        closed = [(each, places.COMPLAINT) for person in persons if with_file.isdisjoint(person) for each in person]
        destroy_many(context, closed, now=now)
        theirs = [*threads.items(), *_numbers_of_each(persons, numbers, forgotten)]
        gone = summed(persons, [*theirs, *_offers_of_each(persons, found.offers)])
        touched = {whose[each] for each in with_file} | {whose[found.threads[each]] for each in kept}
        touched |= {whose[number.customer_id] for number in numbers if number.conversation_id in held}
        touched |= {place for place, rows in enumerate(gone) if rows}
        if touched:
            rows = threads.total() + len(forgotten) + len(found.offers)
            detail: dict[str, object] = {"rows": rows, "held": kept}
            subjects = records([persons[place] for place in touched])
            context.journal.deed(context, "conversations.erased", subjects=subjects, detail=detail)
    return gone


def _ask(statement: str, context: AccessContext, **given: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"company": context.controller_id, **given})
        return list(cursor.fetchall())


def _hold(context: AccessContext, whose: Mapping[int, int], others: Collection[int]) -> _Found:
    """Their conversations and those in which they are offered, as they are once they are locked, and `others` too: one
    after the other, in one order for all.
    """
    found = {row[0] for row in _ask(_FOUND, context, ids=list(whose))}
    return _sorted(_ask(_LOCKED, context, conversations=sorted(found | set(others))), whose)


def _sorted(rows: Iterable[tuple[Any, ...]], whose: Mapping[int, int]) -> _Found:
    threads, offers = {}, {}
    for conversation_id, customer_id, matches in rows:
        if customer_id in whose:
            threads[conversation_id] = customer_id
        elif not whose.keys().isdisjoint(matches):
            offers[conversation_id] = matches
    return _Found(threads, offers)


def _numbers(context: AccessContext, whose: Mapping[int, int]) -> list[_Number]:
    """Numbers of theirs in conversations and calls where nobody was identified. Those in conversations of their own go
    with them.
    """
    return [
        _Number(customer_id, party_id, conversation_id, nobodys=customer is None)
        for customer_id, party_id, conversation_id, customer in _ask(_NUMBERS, context, ids=list(whose))
        if customer is None or whose.get(customer) != whose[customer_id]
    ]


def _numbers_of_each(
    persons: Sequence[Person], numbers: Iterable[_Number], parties: Collection[int]
) -> list[tuple[int, int]]:
    """How many of these parties' numbers were each person's, at the record shown: a household's are of each."""
    whose = owners(persons)
    pairs = {(whose[number.customer_id], number.party_id) for number in numbers if number.party_id in parties}
    return [(persons[place][0], 1) for place, _party in pairs]


def _offers_of_each(persons: Sequence[Person], offers: Mapping[int, Sequence[int]]) -> list[tuple[int, int]]:
    """In how many conversations each person was offered, at the record shown."""
    whose = owners(persons)
    places_of = [{whose[each] for each in matches if each in whose} for matches in offers.values()]
    return [(persons[place][0], 1) for found in places_of for place in found]


def _restrict_files(
    context: AccessContext, whose: Mapping[int, int], kept: Sequence[int], *, now: datetime
) -> frozenset[int]:
    """Complaint files are stored only from now on, beside their conversation only where that stays; who has any."""
    files = Complaint.objects.filter(controller_id=context.controller_id, customer_id__in=list(whose))
    with_file = {row.customer_id for row in files.select_for_update().order_by("id") if row.customer_id is not None}
    if with_file:
        unrestricted = files.filter(restricted_at=None)
        unrestricted.filter(conversation_id__in=kept).update(restricted_at=now)
        unrestricted.update(restricted_at=now, conversation_id=None, interaction_id=None)
    return frozenset(with_file)


def _forget_numbers(
    context: AccessContext, numbers: Sequence[_Number], held: frozenset[int], *, now: datetime
) -> frozenset[int]:
    """The parties whose number went. Where a legal hold keeps a conversation that is nobody's the number stays,
    restricted, and goes with it.
    """
    evidence = {number.conversation_id for number in numbers if number.nobodys and number.conversation_id in held}
    if evidence:
        own = {"controller_id": context.controller_id, "id__in": sorted(evidence), "customer_id": None}
        Conversation.objects.filter(**own, restricted_at=None).update(restricted_at=now)
    parties = sorted({number.party_id for number in numbers if number.conversation_id not in held})
    if not parties:
        return frozenset()
    return frozenset(row[0] for row in _ask(_FORGET_NUMBERS, context, parties=parties))


def _withdraw_offers(context: AccessContext, offers: Mapping[int, Sequence[int]], whose: Mapping[int, int]) -> None:
    for conversation_id, matches in offers.items():
        left = [each for each in matches if each not in whose]
        how = How.NUMBER_MATCHED if left else How.UNIDENTIFIED
        row = Conversation.objects.filter(controller_id=context.controller_id, id=conversation_id)
        row.update(matches=left, how=how)
