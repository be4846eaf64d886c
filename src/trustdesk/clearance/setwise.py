"""A question asked of a whole list: what is the same for every row, and the tokens that rows are found by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import POINT_OF_CHANNEL, ListFormat, PointKind, Purpose
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.setup import LoadedList, Setup, current, token_floor
from trustdesk.clearance.tokens import Stored, TokenMaker
from trustdesk.decision.api import Program, compile_program, outside_lists
from trustdesk.decision.contracts import BASE, Channel, Question
from trustdesk.kernel.context import AccessContext
from trustdesk.vault.api import normal_value, phone_country

_NOBODYS = {
    PointKind.PHONE: "+358401234567",
    PointKind.EMAIL: "nobody@example.com",
    PointKind.ADDRESS: "Nowhere 1",
    PointKind.HANDLE: "nobody",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedList:
    """An outside list that may count. `country` empty: everywhere. `load_id` None: it was never loaded.

    `hashed`: it holds digests. `current`: fresh enough at the instant, `ends_at`: until when. `own`: no rule asks for
    it; whoever is on it is as good as suppressed, until the person agrees.
    """

    load_id: int | None
    country: str
    hashed: bool
    current: bool
    ends_at: datetime | None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuestion:
    """A question compiled, with the configuration it was compiled under."""

    program: Program
    purpose: Purpose
    kind: PointKind
    lists: Sequence[CountedList]
    token_version: int  # the newest at which points of the kind stand
    setup_version: int
    policy_version: int


def set_question(
    context: AccessContext, *, purpose: str, channel: Channel, about: Mapping[str, object], at: datetime
) -> SetQuestion:
    """The question as `decide` asks it of one person. Needs `clearance:read`. NotFoundError for a purpose there is not.

    Whoever asks a list twice asks for this twice: another `setup_version` means that another question is in force.
    """
    context.check_operation("clearance:read")
    setup = current(context)
    meant = setup.living(purpose, at)
    question = Question(
        channel=channel,
        purpose_kind=meant.kind,
        legal_basis=meant.article,
        at=at,
        about=about,
        contact=False,
    )
    return SetQuestion(
        program=compile_program(packs(), setup.policy, question),
        purpose=meant,
        kind=POINT_OF_CHANNEL[channel],
        lists=_counted(setup, channel, at),
        token_version=_newest_version(context, POINT_OF_CHANNEL[channel]),
        setup_version=setup.version,
        policy_version=setup.policy_version,
    )


def _newest_version(context: AccessContext, kind: PointKind) -> int:
    """Only a token says by which version of its normaliser it was made: so one is made."""
    with wire.within(context):
        return max(token.version for token in TokenMaker(context).plain(kind, _NOBODYS[kind]))


def _counted(setup: Setup, channel: Channel, at: datetime) -> list[CountedList]:
    """Every list of a rule, and the company's own ones: who is on one of those is left in peace by it."""
    rules = outside_lists(packs(), setup.policy, countries=packs().countries, channel=channel, at=at)
    found = []
    for rule in rules:
        held = setup.lists.get(rule.id)
        country = "" if rule.jurisdiction == BASE else rule.jurisdiction
        if held is None or held.load_id is None:
            current_without = not rule.loadable
            found.append(
                CountedList(load_id=None, country=country, hashed=False, current=current_without, ends_at=None)
            )
            continue
        refreshed = held.about.refreshed_at
        ends = refreshed + rule.refresh_holds if refreshed is not None and rule.refresh_holds is not None else None
        found.append(_list(held, country, at, ends))
    kind = POINT_OF_CHANNEL[channel]
    found += [
        _list(held, held.about.country, at, None)
        for held in setup.lists.values()
        if held.own and held.load_id is not None and held.about.kind is kind
    ]
    return found


def _list(held: LoadedList, country: str, at: datetime, ends: datetime | None) -> CountedList:
    return CountedList(
        load_id=held.load_id,
        country=country,
        hashed=held.about.format is ListFormat.ECG_HASH,
        current=ends is None or ends > at,
        ends_at=ends,
        own=held.own,
    )


@dataclass(frozen=True, slots=True)
class PointRead:
    """A number or address as its tokens at the newest level: the newest version first. `country` is a number's."""

    country: str | None
    tokens: Sequence[Stored]


class PointReader:
    """Reads numbers and addresses of a list and lets go of them at once. Use it inside one scoped transaction: while
    it lasts no key is nested.
    """

    def __init__(self, context: AccessContext) -> None:
        self._maker = TokenMaker(context)
        self.floor = token_floor(context)
        """The lowest level at which points and suppressions still stand."""

    @property
    def level(self) -> int:
        """That of the tokens it makes."""
        return self._maker.level

    def read(self, kind: PointKind, text: str, *, country: str) -> PointRead | None:
        """None where it can't be read as such a number or address."""
        stored = [one for one in self._maker.stored(kind, text, country=country) if one.level == self._maker.level]
        if not stored:
            return None
        stored.sort(key=lambda one: -one.version)
        of = phone_country(normal_value("phone", text, country=country)) if kind is PointKind.PHONE else ""
        return PointRead(of or None, stored)
