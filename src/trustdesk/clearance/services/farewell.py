"""Forgetting what clearance holds of customers, many at once: called through the privacy registry."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString, NamedTuple

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import SuppressionReason
from trustdesk.clearance.packs import packs
from trustdesk.clearance.scopes import shown
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.services.suppressions import OfCustomer, suppress_customers
from trustdesk.decision.api import evidence_until
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import joined
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.persons import Lines, owners, records, summed
from trustdesk.kernel.registries import Fate, Person, Planned
from trustdesk.mandates.api import controller
from trustdesk.vault.api import destroy_many

_THEIRS: LiteralString = " WHERE controller_id = %s AND customer_id = ANY(%s::bigint[])"
_ACTS = """
SELECT customer_id, act, purpose_id, purpose_kind, channel, at FROM clearance_objection
WHERE controller_id = %s AND customer_id = ANY(%s::bigint[])
"""
_COUNTRIES = "SELECT id, country FROM register_customer WHERE controller_id = %s AND id = ANY(%s::bigint[])"
_PROVED = """
SELECT e.customer_id, e.channel, max(e.at) FILTER (WHERE e.state = 'given'), max(u.used_at),
  max(e.at) FILTER (WHERE e.state IN ('withdrawn', 'refused'))
FROM clearance_consent_event e
LEFT JOIN clearance_consent_use u ON u.controller_id = e.controller_id AND u.customer_id = e.customer_id
  AND u.event_id = e.id AND u.customer_id = ANY(%s::bigint[])
WHERE e.controller_id = %s AND e.customer_id = ANY(%s::bigint[]) GROUP BY e.customer_id, e.channel
"""
_SERVICE: Mapping[str, LiteralString] = {
    "points": "FROM clearance_point" + _THEIRS,
    "collections": "FROM clearance_collection" + _THEIRS,
}
_HISTORY: Mapping[str, LiteralString] = {
    "consent-uses": "FROM clearance_consent_use" + _THEIRS,
    "consents": "FROM clearance_consent_event" + _THEIRS,
    "objections": "FROM clearance_objection" + _THEIRS,
    "decisions": "FROM clearance_decision" + _THEIRS,
}
_OF_EACH: LiteralString = " GROUP BY customer_id"
_COUNT: LiteralString = "SELECT customer_id, count(*) "
_DELETE: LiteralString = "WITH gone AS (DELETE "
_GONE: LiteralString = " RETURNING customer_id) SELECT customer_id, count(*) FROM gone GROUP BY customer_id"
_LAW = "GDPR Art. 7(1), 17(3)(b), (e)"
PROOF = "proof"


class _Act(NamedTuple):
    """An objection, or the act that lifted one."""

    act: str
    purpose_id: int | None
    purpose_kind: str
    channel: str
    at: datetime

    def lifts(self, other: "_Act") -> bool:
        return (
            self.act == "lifted"
            and self.at > other.at
            and self.purpose_id in {None, other.purpose_id}
            and self.purpose_kind in {"", other.purpose_kind}
            and self.channel in {"", other.channel}
        )


class _Given(NamedTuple):
    """What has to be proved of one channel: when it was last agreed to, last used, last withdrawn."""

    channel: str
    given_at: datetime | None
    used_at: datetime | None
    withdrawn_at: datetime | None


class _Proof(NamedTuple):
    """Whether a person's history has to be kept, and until when; no day where nothing fixes one."""

    kept: bool
    until: date | None


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: tokens and collections go; the history of consent, once nothing has to be proved."""
    now, ids, lines = clock.now(), records(persons), Lines(persons)
    with wire.within(context):
        for what, rows in _SERVICE.items():
            lines.going(what, _counted(context, _COUNT + rows + _OF_EACH, ids))
        proofs = _proofs(context, persons, now)
        for what, rows in _HISTORY.items():
            counts = summed(persons, _counted(context, _COUNT + rows + _OF_EACH, ids))
            for each, count, (kept, until) in zip(lines.each, counts, proofs, strict=True):
                if count and kept:
                    each.append(Planned(what, count, Fate.KEPT, _LAW, until, under=PROOF))
                elif count:
                    each.append(Planned(what, count))
    return lines.each


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget the customers; for each person the number of rows deleted (GDPR Art. 17). To be called before the
    register's.

    What was objected to is kept as suppression tokens. The history of consent is kept while its proof is (Art. 17(3)
    (b), (e)), sealed under its own key, and goes with that key once nothing has to be proved any more. Where no rule
    fixes an end it has to: whoever sets the rules of retention may end it then.
    """
    now, ids = clock.now(), records(persons)
    with joined(context.scope):
        wire.lock(wire.customer_lock(each) for each in ids)
        _keep_suppressed(context, persons, now)
        deleted = Counter[int]()
        for rows in _SERVICE.values():
            deleted.update(dict(_counted(context, _DELETE + rows + _GONE, ids)))
        proofs = _proofs(context, persons, now)
        free = [each for person, proof in zip(persons, proofs, strict=True) if not proof.kept for each in person]
        if free:
            deleted.update(_forget_history(context, free, now))
        gone = summed(persons, deleted.items())
        subjects = sorted(each for person, rows in zip(persons, gone, strict=True) if rows for each in person)
        if subjects:
            context.journal.deed(context, "clearance.erased", subjects=subjects, detail={"rows": deleted.total()})
    return gone


def proved_until(context: AccessContext, customer_id: int, *, ended_at: datetime) -> datetime | None:
    """The last day that a law fixes for the proof of a consent of somebody whose data went at `ended_at`; None where
    no law fixes one. The country went with the data, so the longest of all laws counts.
    """
    everywhere = {controller(context.controller_id).country, *packs().countries}
    (given,) = _given(context, [(customer_id,)])
    fixed = [until for until in _to_be_proved_until(given, ended_at, everywhere) if until is not None]
    return max(fixed, default=None)


def forget_proof(context: AccessContext, customer_id: int, *, now: datetime) -> None:
    """Destroy the history of somebody who is not in the register any more. Inside the scope."""
    _forget_history(context, [customer_id], now)


def _counted(context: AccessContext, statement: LiteralString, ids: list[int]) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in wire.fetch(statement, [context.controller_id, ids])]


def _forget_history(context: AccessContext, ids: list[int], now: datetime) -> Counter[int]:
    """The rows that went, by record."""
    destroy_many(context, [(each, PROOF) for each in ids], now=now)
    deleted = Counter[int]()
    for rows in _HISTORY.values():
        deleted.update(dict(_counted(context, _DELETE + rows + _GONE, ids)))
    return deleted


def _keep_suppressed(context: AccessContext, persons: Sequence[Person], now: datetime) -> None:
    """What each objected to and did not lift, in whichever record, is said of all the person's points."""
    whose = owners(persons)
    acts: dict[int, list[_Act]] = {}
    for customer_id, *act in wire.fetch(_ACTS, [context.controller_id, list(whose)]):
        acts.setdefault(whose[customer_id], []).append(_Act(*act))
    if not acts:
        return
    codes = {purpose.purpose_id: purpose.code for purpose in current(context).purposes.values()}
    standing = [
        OfCustomer(persons[place], shown(codes, purpose_id, kind, channel), at)
        for place, told in acts.items()
        for (purpose_id, kind, channel), at in _standing(told).items()
    ]
    suppress_customers(context, standing, reason=SuppressionReason.OBJECTION, now=now)


def _standing(acts: Sequence[_Act]) -> dict[tuple[int | None, str, str], datetime]:
    """What is objected to still, and since when at the latest."""
    latest: dict[tuple[int | None, str, str], datetime] = {}
    for act in acts:
        if act.act == "objected" and not any(other.lifts(act) for other in acts):
            about = (act.purpose_id, act.purpose_kind, act.channel)
            latest[about] = max(act.at, latest.get(about, act.at))
    return latest


def _proofs(context: AccessContext, persons: Sequence[Person], now: datetime) -> list[_Proof]:
    """Whether a consent of each one's history has to be proved for longer, by the packs of the person's country, and
    until when. Where no rule fixes an end it has to: whoever sets the rules of retention may end it then.
    """
    given = _given(context, persons)
    if not any(given):
        return [_Proof(kept=False, until=None)] * len(persons)
    found = wire.fetch(_COUNTRIES, [context.controller_id, records(persons)])
    countries = {customer_id: country for customer_id, country in found if country}
    own = controller(context.controller_id).country
    proofs = []
    for person, channels in zip(persons, given, strict=True):
        country = next((countries[each] for each in person if each in countries), own)
        ends = list(_to_be_proved_until(channels, now, {country}))
        later = [until.date() for until in ends if until is not None and until > now]
        endless = None in ends
        proofs.append(_Proof(endless or bool(later), None if endless else max(later, default=None)))
    return proofs


def _given(context: AccessContext, persons: Sequence[Person]) -> list[list[_Given]]:
    """What each person agreed to, a line for each record and channel."""
    whose = owners(persons)
    found: list[list[_Given]] = [[] for _person in persons]
    for customer_id, *given in wire.fetch(_PROVED, [list(whose), context.controller_id, list(whose)]):
        found[whose[customer_id]].append(_Given(*given))
    return found


def _to_be_proved_until(
    given: Iterable[_Given], ended_at: datetime, countries: Collection[str]
) -> Iterator[datetime | None]:
    """Of each consent that was ever given until when it has to be proved, by the packs of these countries; None where
    no rule fixes an end.
    """
    for one in _by_channel(given):
        if one.given_at is None:
            continue  # nothing was ever given: there is nothing to prove
        yield evidence_until(
            packs(),
            countries=countries,
            channel=Channel(one.channel) if one.channel else Channel.POST,
            granted_at=one.given_at,
            last_used_at=one.used_at,
            # With the person the reliance ends, whether it was withdrawn or not.
            ended_at=one.withdrawn_at or ended_at,
        )


def _by_channel(given: Iterable[_Given]) -> Iterable[_Given]:
    """The records of one person as one: of each channel the latest of each."""
    channels: dict[str, _Given] = {}
    for one in given:
        before = channels.get(one.channel, one)
        channels[one.channel] = _Given(
            one.channel,
            _later(before.given_at, one.given_at),
            _later(before.used_at, one.used_at),
            _later(before.withdrawn_at, one.withdrawn_at),
        )
    return channels.values()


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)
