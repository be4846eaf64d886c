"""What others may ask of telephony: how numbers are answered, who answers, over which trunks, and where may be called.

What belongs to a company takes its access context first and works under its signed scope. Trunks, phones and the edge
belong to the installation: their writes take `by` (None: the machine's own command line) and need `telephony:manage`
over it. `now` is an aware instant; errors are those of `kernel.errors`. Every change counts a serial and is told on
`contracts.CHANNEL`. Law: the rule packs' `recordings`; StGB §201, Fgytv 17/B§; Directive 2002/58/EC Art. 13.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.decision.api import RecordingRule
from trustdesk.kernel.context import AccessContext
from trustdesk.sipedge.contracts import Config
from trustdesk.telephony import hours as _hours
from trustdesk.telephony import numbering as _numbering
from trustdesk.telephony import rules as _rules
from trustdesk.telephony.contracts import (
    AgentView,
    BrowserServer,
    Destination,
    EdgeSettings,
    MenuView,
    NewMenu,
    NewNumber,
    NewQueue,
    NewTrunk,
    NumberView,
    PhoneSecret,
    PhoneView,
    PublicNumber,
    QueueView,
    Reach,
    RecordingTerms,
    TrunkView,
)
from trustdesk.telephony.services import agreements as _agreements
from trustdesk.telephony.services import config as _config
from trustdesk.telephony.services import edge as _edge
from trustdesk.telephony.services import menus as _menus
from trustdesk.telephony.services import numbers as _numbers
from trustdesk.telephony.services import phones as _phones
from trustdesk.telephony.services import queues as _queues
from trustdesk.telephony.services import reaching as _reaching
from trustdesk.telephony.services import skills as _skills
from trustdesk.telephony.services import telling as _telling
from trustdesk.telephony.services import trunks as _trunks

__all__ = [
    "add_phone",
    "agent",
    "agents_for",
    "agree",
    "alarm_after",
    "begin_call_out",
    "browser_servers",
    "closes_at",
    "destination",
    "edge_config",
    "edge_settings",
    "find_number",
    "menu",
    "menus",
    "next_opening",
    "normal",
    "number",
    "numbers",
    "open_now",
    "phones",
    "public_number",
    "queue",
    "queues",
    "reach_of",
    "recording_terms",
    "regions",
    "remove_menu",
    "remove_number",
    "remove_phone",
    "remove_queue",
    "remove_trunk",
    "reset_phone",
    "rule_of",
    "save_menu",
    "save_number",
    "save_queue",
    "save_trunk",
    "serial",
    "set_edge",
    "set_reach",
    "set_skill",
    "shown",
    "skills",
    "trunk_names",
    "trunk_out",
    "trunks",
]


def find_number(e164: str, *, now: datetime) -> NumberView | None:
    """Whose number was called, and how it is answered; None where it is nobody's, or answers no calls.

    Needs no context: the call comes in before a company is known. RefusedError where the company has no living mandate.
    """
    return _numbers.find_number(e164, now=now)


def number(context: AccessContext, e164: str) -> NumberView:
    """One of the company's numbers. NotFoundError where it has no such number."""
    return _numbers.number(context, e164)


def numbers(context: AccessContext) -> Sequence[NumberView]:
    """The company's numbers, in order."""
    return _numbers.numbers(context)


def save_number(context: AccessContext, *, new: NewNumber, now: datetime) -> str:
    """Set how a number is answered; the number as E.164. Needs `telephony:manage`.

    BadInputError where it is none or costs more than a call, where country or sector are not known to the rules, queue,
    menu or trunk are not there, or the menu keeps the law's order not; LooserPolicyError where the company's wish asks
    for less than the rules; ConflictError where another company of the installation has the number.
    """
    return _numbers.save_number(context, new=new, now=now)


def remove_number(context: AccessContext, *, number: str, now: datetime) -> None:
    """Answer a number no longer. Needs `telephony:manage`; NotFoundError where the company has no such number."""
    _numbers.remove_number(context, number=number, now=now)


def rule_of(number: NewNumber, *, now: datetime) -> RecordingRule:
    """The rule of recording for a number: that of its country and sector, with the company's stricter wish over it."""
    return _rules.rule_of(number, now=now)


def recording_terms(context: AccessContext, number: NumberView, *, now: datetime) -> RecordingTerms:
    """The rule for a number and the notice that is played for it. Where there is no notice in its language, or one that
    lacks what the rules ask for or says that nothing is recorded, the mode is off and `reason` says why.
    """
    return _rules.terms_of(context, number, now=now)


def public_number(e164: str, *, language: str = "en") -> PublicNumber | None:
    """Whose number it is and what it calls for, in the language asked for or that of the number; None for a number of
    nobody here. Nothing else is told, so it needs no context.
    """
    return _numbers.public_number(e164, language=language)


def queue(context: AccessContext, code: str) -> QueueView:
    """One of the company's queues. NotFoundError where it has none of this code."""
    return _queues.queue(context, code)


def queues(context: AccessContext) -> Sequence[QueueView]:
    """The company's queues, by code."""
    return _queues.queues(context)


def save_queue(context: AccessContext, *, new: NewQueue, now: datetime) -> None:
    """Set a queue. Needs `telephony:manage`. BadInputError, with its place, where hours overlap, the place has no
    holidays that are known, seconds are out of range, or what it names is not there.
    """
    _queues.save_queue(context, new=new, now=now)


def remove_queue(context: AccessContext, *, code: str, now: datetime) -> None:
    """Take a queue away, with its skills. Needs `telephony:manage`; ConflictError while something leads to it."""
    _queues.remove_queue(context, code=code, now=now)


def open_now(queue: QueueView, now: datetime) -> bool:
    """Whether the queue is open: by the wall clock of its place, public holidays left out where it says so."""
    return _hours.open_at(queue, now)


def next_opening(queue: QueueView, now: datetime) -> datetime | None:
    """The first instant from now on at which it is open; None where there is none within a year."""
    return _hours.next_opening(queue, now)


def closes_at(queue: QueueView, now: datetime) -> datetime | None:
    """When it closes; None where it is closed, or open for days on end."""
    return _hours.closes_at(queue, now)


def regions(country: str) -> tuple[str, ...]:
    """The parts of a country whose public holidays differ, by their codes (ISO 3166-2 without the country)."""
    return _hours.regions(country)


def alarm_after(queue: QueueView, rule: RecordingRule) -> int | None:
    """Seconds of waiting after which somebody is alarmed: the queue's own wish, and well before the time of the law is
    over (Fgytv 17/B§: five minutes). None: nobody is.
    """
    return _rules.alarm_after(queue, rule)


def menu(context: AccessContext, code: str) -> MenuView:
    """One of the company's menus. NotFoundError where it has none of this code."""
    return _menus.menu(context, code)


def menus(context: AccessContext) -> Sequence[MenuView]:
    """The company's menus, by code."""
    return _menus.menus(context)


def save_menu(context: AccessContext, *, new: NewMenu, now: datetime) -> None:
    """Set a menu. Needs `telephony:manage`. BadInputError where a key stands twice, a queue or the words are not there,
    or a number uses it whose law wants a person for complaints first.
    """
    _menus.save_menu(context, new=new, now=now)


def remove_menu(context: AccessContext, *, code: str, now: datetime) -> None:
    """Take a menu away. Needs `telephony:manage`; ConflictError while a number uses it."""
    _menus.remove_menu(context, code=code, now=now)


def agents_for(context: AccessContext, queue: str) -> Sequence[tuple[int, int]]:
    """Who answers a queue: operators with their skill, 1 to 100, the best first."""
    return _skills.agents_for(context, queue)


def skills(context: AccessContext) -> Mapping[int, Mapping[str, int]]:
    """All skills, by operator and queue. Needs `telephony:read`."""
    return _skills.skills(context)


def set_skill(context: AccessContext, *, operator_id: int, queue: str, level: int | None, now: datetime) -> None:
    """Say how well an operator answers a queue, 0 to 100; None takes the skill away. Needs `skill:manage`.

    BadInputError where there is no such queue, or the operator has no seat in the company.
    """
    _skills.set_skill(context, operator_id=operator_id, queue=queue, level=level, now=now)


def agent(context: AccessContext, operator_id: int) -> AgentView:
    """An agent's phone and standing agreement to be recorded."""
    return _agreements.agent(context, operator_id)


def agree(context: AccessContext, *, given: bool, words: str, language: str, now: datetime) -> None:
    """The agent of the context agrees to be recorded, or takes it back, in these words (StGB §201). A history: nothing
    is overwritten. RefusedError where it is not the agent at the desk.
    """
    _agreements.agree(context, given=given, words=words, language=language, now=now)


def reach_of(context: AccessContext) -> Reach | None:
    """Where the company's calls out may go; None where nobody said so: then nowhere."""
    return _reaching.reach_of(context)


def set_reach(context: AccessContext, *, reach: Reach, now: datetime) -> None:
    """Say where calls out may go and how many a day. Needs `telephony:manage`. Premium ranges stay closed whatever it
    says.
    """
    _reaching.set_reach(context, reach=reach, now=now)


def destination(context: AccessContext, number: str, *, now: datetime) -> Destination:
    """Whether this number may be called now, by the operator of the context: allow-list, closed ranges, caps. It counts
    nothing; whether the person may be contacted at all, clearance says.
    """
    return _reaching.destination(context, number, now=now)


def begin_call_out(context: AccessContext, *, number: str, trunk: int | None, now: datetime) -> Destination:
    """As `destination`, and counts the call by operator, company and trunk, in the running transaction or its own.

    RefusedError with the reason where it may not be called: two at once are never both the last one allowed.
    """
    return _reaching.begin_call_out(context, number=number, trunk=trunk, now=now)


def normal(text: str, *, country: str = "") -> str:
    """A number as E.164, read by the habits of the country where it has no prefix. BadInputError where it is none."""
    return _numbering.e164(text, country=country)


def shown(e164: str) -> str:
    """A number for reading: `+36 62 555 010`."""
    return _numbering.shown(e164)


def phones(*, by: int | None) -> Sequence[PhoneView]:
    """The SIP phones of the installation, by name."""
    return _phones.phones(by=by)


def add_phone(
    *, user: str, label: str, operator_id: int, by: int | None, now: datetime, sha256: bool = False
) -> PhoneSecret:
    """A phone for an operator, with a password that is shown once. `sha256`: it is asked to prove it by SHA-256 (RFC
    8760) and nothing else, where it can. ConflictError where the name is taken or the operator has one, BadInputError
    where the name or operator will not do.
    """
    return _phones.add_phone(user=user, label=label, operator_id=operator_id, by=by, now=now, sha256=sha256)


def reset_phone(*, phone_id: int, by: int | None, now: datetime) -> PhoneSecret:
    """A new password for a phone; the old one is worth nothing at once."""
    return _phones.reset_phone(phone_id=phone_id, by=by, now=now)


def remove_phone(*, phone_id: int, by: int | None, now: datetime) -> None:
    """Take a phone away."""
    _phones.remove_phone(phone_id=phone_id, by=by, now=now)


def trunks(*, by: int | None) -> Sequence[TrunkView]:
    """The installation's trunks, by name, without their passwords."""
    return _trunks.trunks(by=by)


def trunk_names() -> Sequence[tuple[int, str]]:
    """Number and name of each trunk, for choosing one."""
    return _trunks.trunk_names()


def trunk_out(own: int | None) -> int:
    """Over which trunk a number calls out: its own, or without one the first by name that leads anywhere. ConflictError
    where none does: some carriers only bring calls.
    """
    return _trunks.trunk_out(own)


def save_trunk(*, trunk_id: int | None, new: NewTrunk, by: int | None, now: datetime) -> int:
    """Set a trunk, a new one where `trunk_id` is None; its number. BadInputError, with its place, where an address or
    net is none, or nothing proves who calls; ConflictError where its nets overlap with those of another trunk.
    """
    return _trunks.save_trunk(trunk_id=trunk_id, new=new, by=by, now=now)


def remove_trunk(*, trunk_id: int, by: int | None, now: datetime) -> None:
    """Take a trunk away: calls over it end with its registration, new ones are refused. ConflictError, which names
    them, while numbers go over it; those of companies whose own mandate has ended lose it.
    """
    _trunks.remove_trunk(trunk_id=trunk_id, by=by, now=now)


def edge_settings() -> EdgeSettings:
    """How the edge stands in the network, without the passwords of its relays."""
    return _edge.settings_now()


def browser_servers(*, now: datetime) -> Sequence[BrowserServer]:
    """Which STUN and TURN servers an agent's browser asks, with what proves it to them. Whoever calls this checks that
    it is an agent's who may take calls.
    """
    return _edge.browser_servers(now=now)


def set_edge(*, new: EdgeSettings, by: int | None, now: datetime) -> None:
    """Say how the edge stands in the network. BadInputError names the place and the mend: ports, certificates that
    can't be read, addresses that are none.
    """
    _edge.set_edge(new=new, by=by, now=now)


def edge_config() -> Config:
    """All that the edge is told, passwords of trunks and relays in clear: for the switchboard only, never logged."""
    return _config.edge_config()


def serial() -> int:
    """The number of the last change of anything in `edge_config`, or in how numbers are answered and what is said."""
    return _telling.serial()
