"""One decision: the facts, read, before the compiled rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import Point, PointKind
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.facts import Asked, Known, read
from trustdesk.clearance.selectors.setup import Setup, current, load, setup_of
from trustdesk.clearance.selectors.standing import facts
from trustdesk.decision.api import compile_program
from trustdesk.decision.api import decide as by_the_rules
from trustdesk.decision.contracts import Channel, Facts, Outcome, Policy, Question, Verdict
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.vault.api import normal_value, phone_country

About = Mapping[str, object]
Moment = Callable[[Asked, Known, Setup, frozenset[str]], Facts]
"""What is known at the moment of contact only, for the countries that count."""

NOTHING: About = {}
_SEVERITY = {Outcome.PERMIT: 0, Outcome.UNDECIDED: 1, Outcome.DENY: 2}
_TRIES = 4  # the configuration changed, the customer was merged: each sends us back once


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom, how, what for and when, as a caller names it."""

    customer_id: int
    value_id: int | None
    point: Point | None
    channel: Channel
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A verdict, and what it was made of."""

    verdict: Verdict
    asked: Asked
    known: Known
    setup: Setup
    facts: Facts


def decide(
    context: AccessContext,
    *,
    customer_id: int,
    channel: Channel,
    purpose: str,
    now: datetime,
    value_id: int | None = None,
    point: Point | None = None,
    about: About = NOTHING,
) -> Verdict:
    """May we contact this person, on this channel, for this purpose, now? Needs `clearance:read`.

    About one of the customer's numbers or addresses (`value_id`), about one typed by hand (`point`; `customer_id` 0: of
    a stranger), or about all that the channel could use: then the strictest. `about` are facts of the undertaking, by
    the names in `decision.api.ABOUT`. Opens nothing and writes nothing; nothing may be done on it: see `permit`.
    NotFoundError for a purpose or value there is not.
    """
    context.check_operation("clearance:read")
    return decided(context, Contact(customer_id, value_id, point, channel, purpose, now), about).verdict


def decided(
    context: AccessContext,
    contact: Contact,
    about: About,
    moment: Moment | None = None,
    *,
    stricter: Callable[[Policy], Policy] | None = None,
) -> Decided:
    """As `decide`, with what the verdict was made of; with the facts of the moment where there is a contact.
    `stricter` lays something on top of the policy in force, for this contact alone.
    """
    setup = setup_of(context)
    if contact.purpose not in setup.purposes:
        setup = current(context)  # it may have been declared since
    customer_id = contact.customer_id
    for _try in range(_TRIES):
        asked = Asked(
            customer_id=customer_id,
            value_id=contact.value_id,
            point=contact.point,
            channel=contact.channel,
            purpose=setup.living(contact.purpose, contact.at),
            at=contact.at,
            contact=moment is not None,
        )
        known = read(context, asked, setup)
        if known is None:
            break
        if (known.setup_version or 0) != setup.version:
            setup = load(context)
        elif known.merged_into is not None:
            customer_id = known.merged_into
        elif contact.value_id is not None and not known.points:
            raise NotFoundError(_("There is no such value."), place="value", mend=_("Open the card again."))
        else:
            held = setup if stricter is None else replace(setup, policy=stricter(setup.policy))
            return _judged(asked, known, held, about, moment)
    raise RefusedError(
        _("It can't be decided: nothing is to be seen from here."),
        place="clearance",
        mend=_("Sit down again, and ask."),
    )


def _judged(asked: Asked, known: Known, setup: Setup, about: About, moment: Moment | None) -> Decided:
    """Where several numbers could be used, every one has to be permitted."""
    worst: Decided | None = None
    for point_country in _point_countries(asked, known):
        countries = frozenset(each for each in (known.country, point_country) if each)
        found = facts(asked, known, setup, point_country=point_country, product=about.get("product"))
        if moment is not None:
            found.update(moment(asked, known, setup, countries))
        question = Question(
            channel=asked.channel,
            purpose_kind=asked.purpose.kind,
            legal_basis=asked.purpose.article,
            at=asked.at,
            about=about,
            contact=asked.contact,
            countries=countries,
        )
        verdict = by_the_rules(compile_program(packs(), setup.policy, question), found)
        if worst is None or _SEVERITY[verdict.outcome] > _SEVERITY[worst.verdict.outcome]:
            worst = Decided(verdict=verdict, asked=asked, known=known, setup=setup, facts=found)
    if worst is None:
        raise RuntimeError("there is always one country to ask about, be it unknown")
    return worst


def _point_countries(asked: Asked, known: Known) -> list[str | None]:
    if asked.point is not None and asked.point.kind is PointKind.PHONE:
        return [phone_country(normal_value("phone", asked.point.text, country=asked.point.country)) or None]
    return [*(known.point_countries or (None,))]
