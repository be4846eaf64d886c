"""What any history comes to: the database's word beside a model that reads the acts one by one, as a person would."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clearing import person, tick
from tests.companies import NOW, Company

from trustdesk.clearance.api import lift_objection, record_consent, record_objection, suppress
from trustdesk.clearance.contracts import (
    ALL_MARKETING,
    EVERYTHING,
    By,
    ConsentState,
    Evidence,
    Method,
    Point,
    PointKind,
    Scope,
    SuppressionReason,
)
from trustdesk.clearance.selectors.deciding import Contact, decided
from trustdesk.decision.contracts import Channel, PurposeKind

FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HOURS = 6
ADDRESSES = (f"anna{number}@example.com" for number in count())
STRICTEST_FIRST = [
    ConsentState.WITHDRAWN,
    ConsentState.REFUSED,
    ConsentState.EXPIRED,
    ConsentState.GIVEN,
]
SCOPES = [
    EVERYTHING,
    ALL_MARKETING,
    Scope(purpose="news"),
    Scope(purpose="offers"),
    Scope(channel=Channel.EMAIL),
    Scope(channel=Channel.SMS),
    Scope(kind=PurposeKind.SERVICE),
    Scope(purpose="news", channel=Channel.EMAIL),
]


@dataclass(frozen=True)
class Said:
    """One act of consent."""

    state: ConsentState
    hour: int
    until: int | None
    channel: Channel | None
    imported: bool


@dataclass(frozen=True)
class Stopped:
    """One act of objecting, lifting or suppressing."""

    kind: str
    hour: int
    scope: Scope


def at(hour: int) -> datetime:
    return NOW + timedelta(hours=hour)


hours = st.integers(0, HOURS)
saids = st.builds(
    Said,
    state=st.sampled_from(ConsentState),
    hour=hours,
    until=st.none() | st.integers(1, 4),
    channel=st.sampled_from([Channel.EMAIL, Channel.EMAIL, Channel.EMAIL, Channel.SMS, None]),
    imported=st.booleans(),
)
stops = st.builds(
    Stopped,
    kind=st.sampled_from(["objected", "lifted", "suppressed"]),
    hour=hours,
    scope=st.sampled_from(SCOPES),
)


def do(company: Company, customer: int, act: Said | Stopped, address: str) -> None:
    context, when = company.context(), at(act.hour)
    if isinstance(act, Said):
        record_consent(
            context,
            customer_id=customer,
            purpose="news",
            channel=act.channel,
            state=act.state,
            evidence=_evidence(company, act),
            at=when,
            until=_until(act),
            now=when,
        )
    elif act.kind == "suppressed":
        point = Point(PointKind.EMAIL, address)
        suppress(context, point=point, scope=act.scope, reason=SuppressionReason.HAND, now=when)
    elif act.kind == "objected":
        record_objection(context, customer_id=customer, scope=act.scope, method=Method.REPLY, now=when)
    else:
        lift_objection(context, customer_id=customer, scope=act.scope, method=Method.REPLY, reference="x", now=when)


def _evidence(company: Company, act: Said) -> Evidence:
    if act.state is ConsentState.PRESUMED:
        return Evidence(method=Method.FACTS, by=By.OPERATOR, words="Asked at the fair")
    if act.state is ConsentState.EXPIRED:
        return Evidence(method=Method.WEB_FORM, by=By.CONTROLLER)
    if act.imported and act.state is ConsentState.GIVEN:
        proof = {"document_sha256": bytes(32), "reference": "old", "source_id": company.imported}
        return Evidence(method=Method.IMPORT, by=By.PERSON, **proof)  # type: ignore[arg-type]
    return tick()


def _until(act: Said) -> datetime | None:
    ends = act.state in {ConsentState.GIVEN, ConsentState.PRESUMED, ConsentState.REQUESTED}
    return at(act.hour + act.until) if act.until is not None and ends else None


# The model.


def counts(act: Said, now: datetime) -> bool:
    everywhere = act.channel is None and act.state in {
        ConsentState.REFUSED,
        ConsentState.WITHDRAWN,
        ConsentState.EXPIRED,
    }
    return at(act.hour) <= now and (act.channel is Channel.EMAIL or everywhere)


def standing(acts: Iterable[Said], now: datetime) -> str:
    """The newest word of the person; a presumption only where there is none in force."""
    heard = [act for act in acts if counts(act, now)]
    words = [act for act in heard if act.state in STRICTEST_FIRST]
    ended: datetime | None = None
    if words:
        newest = max(act.hour for act in words)
        last = min(
            (act for act in words if act.hour == newest),
            key=lambda act: (STRICTEST_FIRST.index(act.state), _until(act) or datetime.max.replace(tzinfo=now.tzinfo)),
        )
        until = _until(last)
        if last.state in {ConsentState.REFUSED, ConsentState.WITHDRAWN}:
            return last.state.value
        if last.state is ConsentState.GIVEN and (until is None or until > now):
            return "given"
        ended = until if last.state is ConsentState.GIVEN else at(last.hour)
    for act in heard:
        until = _until(act)
        lives = act.state is ConsentState.PRESUMED and (until is None or until > now)
        if lives and (ended is None or at(act.hour) > ended):
            return "presumed"
    if words:
        return "expired"
    return "requested" if any(act.state is ConsentState.REQUESTED for act in heard) else "none"


def covers(scope: Scope) -> bool:
    """News, which are marketing, by e-mail."""
    return (
        scope.purpose in {"", "news"}
        and scope.kind in {None, PurposeKind.MARKETING}
        and scope.channel in {None, Channel.EMAIL}
    )


def own_act(saids: Iterable[Said], now: datetime) -> datetime | None:
    own = [at(act.hour) for act in saids if counts(act, now) and act.state is ConsentState.GIVEN and not act.imported]
    return max(own, default=None)


def stands(kinds: set[str], lifts: set[str], stops: Iterable[Stopped], own: datetime | None, now: datetime) -> bool:
    """Said, and neither lifted by a later act of the person nor outweighed by a later consent."""
    acts = [act for act in stops if at(act.hour) <= now and covers(act.scope)]
    said = max((at(act.hour) for act in acts if act.kind in kinds), default=None)
    lifted = max((at(act.hour) for act in acts if act.kind in lifts), default=None)
    return said is not None and all(since is None or said >= since for since in (lifted, own))


@FEW
@given(saids=st.lists(saids, max_size=6), stopped=st.lists(stops, max_size=4), asked=st.integers(0, HOURS + 4))
def test_the_database_and_the_model_agree(
    north: Company,
    saids: list[Said],
    stopped: list[Stopped],
    asked: int,
) -> None:
    customer = person(north, email=(address := next(ADDRESSES)))
    acts: list[Said | Stopped] = [*saids, *stopped]
    for act in acts:
        do(north, customer, act, address)
    now = at(asked)
    contact = Contact(customer, None, None, Channel.EMAIL, "news", now)
    found = decided(north.context(), contact, {}).facts
    own = own_act(saids, now)
    assert found["consent"] == standing(saids, now)
    assert found["objected"] == stands({"objected"}, {"lifted"}, stopped, own, now)
    # Refusing, withdrawing and objecting suppress the address; lifting an objection lifts that with it.
    ended = [
        Stopped("suppressed", act.hour, Scope(purpose="news", channel=act.channel))
        for act in saids
        if act.state in {ConsentState.REFUSED, ConsentState.WITHDRAWN}
    ]
    assert found["suppressed"] == stands({"objected", "suppressed"}, {"lifted"}, [*stopped, *ended], own, now)


@FEW
@given(saids=st.lists(saids, min_size=1, max_size=5), data=st.data())
def test_the_order_in_which_acts_are_recorded_does_not_matter(
    north: Company,
    saids: list[Said],
    data: st.DataObject,
) -> None:
    now = at(HOURS)
    found = []
    for order in (saids, data.draw(st.permutations(saids))):
        customer = person(north, email=(address := next(ADDRESSES)))
        for act in order:
            do(north, customer, act, address)
        contact = Contact(customer, None, None, Channel.EMAIL, "news", now)
        found.append(decided(north.context(), contact, {}).facts["consent"])
    assert found[0] == found[1]


@FEW
@given(saids=st.lists(saids, max_size=5), repeats=st.integers(2, 3))
def test_recording_again_changes_nothing(north: Company, saids: list[Said], repeats: int) -> None:
    address, now = next(ADDRESSES), at(HOURS)
    customer = person(north, email=address)
    contact = Contact(customer, None, None, Channel.EMAIL, "news", now)
    seen = []
    for _turn in range(repeats):
        for act in saids:
            do(north, customer, act, address)
        seen.append(decided(north.context(), contact, {}).facts["consent"])
    assert len(set(seen)) == 1
