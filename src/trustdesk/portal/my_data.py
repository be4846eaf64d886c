"""Everything the register holds of a customer, as they read it: from where, since when, why, for how long."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ConsentEvent, ConsentState
from trustdesk.decision.contracts import Channel
from trustdesk.design.contacting import channel_label, method_label, purpose_name
from trustdesk.design.freshness import Freshness, freshness, since
from trustdesk.design.holding import kept_label, why_label
from trustdesk.design.law import article, basis_label
from trustdesk.design.origin import origin_label
from trustdesk.design.readable import readable, value_name
from trustdesk.identity.api import Visit
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register import api as register
from trustdesk.register.contracts import Attribute, Card, CardValue, ConfirmedBy, SourceKind, ValueKind

_GIVEN_BY_THE_COMPANY = frozenset({ValueKind.EXTERNAL_ID, ValueKind.CODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One value. `untold` is why its text is not shown, `fixed` why it is not for the customer to change; empty where
    it is.
    """

    value: CardValue
    name: str
    text: str
    untold: str
    fixed: str
    ring: Freshness
    origin: str
    why: Sequence[str]
    basis: str
    law: str
    kept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A consent that is in force. `channel` is empty where it speaks of no way of contact but of passing on."""

    purpose: str
    purpose_name: str
    channel: str
    channel_name: str
    at: datetime
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MyData:
    """The page. `unproven`: the address of this visit is too new to show anything by; `restricted`: nobody opens it."""

    held: Sequence[Held]
    agreed: Sequence[Agreed]
    unproven: bool
    restricted: bool


def my_data(context: AccessContext, visit: Visit, *, now: datetime) -> MyData:
    """All that is current of the customer of a visit, in one logged opening; nothing is opened for an address that
    proves nothing.
    """
    unproven = not register.proves(context, customer_id=visit.customer_id, value_id=visit.value_id, now=now)
    card = None if unproven else register.card(context, visit.customer_id, now=now)
    attributes = {attribute.code: attribute for attribute in register.catalog(context)} if card else {}
    return MyData(
        held=[_held(value, attributes[value.attribute], card, now=now) for value in card.values] if card else (),
        agreed=agreed(context, visit.customer_id, now=now),
        unproven=unproven,
        restricted=card is not None and card.restriction is not None,
    )


def own_value(context: AccessContext, visit: Visit, value_id: int, *, now: datetime) -> Held:
    """One current value of the customer's own. NotFoundError for anybody else's, and for one that no longer counts."""
    found = next((each for each in my_data(context, visit, now=now).held if each.value.value_id == value_id), None)
    if found is None:
        raise NotFoundError(_("There is no such value."), place="value", mend=_("Open your data again."))
    return found


def agreed(context: AccessContext, customer_id: int, *, now: datetime) -> list[Agreed]:
    """The consents in force, newest first."""
    names: Mapping[str, str] = {each.code: purpose_name(each) for each in clearance.purposes(context)}
    events = [event for event in clearance.consents(context, customer_id) if event.at <= now]
    return [
        Agreed(
            purpose=event.purpose,
            purpose_name=names[event.purpose],
            channel=event.channel.value if event.channel else "",
            channel_name=channel_label(event.channel) if event.channel else _("Passing your data on"),
            at=event.at,
            how=method_label(event.evidence.method),
        )
        for event in _in_force(events, now)
    ]


def _in_force(events: Sequence[ConsentEvent], now: datetime) -> Iterable[ConsentEvent]:
    """Of each purpose and channel the newest thing said, where that is a consent that has not run out.

    An end without a channel speaks of every one; a consent without one of passing on alone.
    """
    said: set[tuple[str, Channel | None]] = set()
    ended: set[str] = set()
    for event in events:
        about = (event.purpose, event.channel)
        if event.state is ConsentState.REQUESTED or about in said or event.purpose in ended:
            continue
        said.add(about)
        if event.state is ConsentState.GIVEN:
            if event.until is None or now < event.until:
                yield event
        elif event.channel is None:
            ended.add(event.purpose)


def _held(value: CardValue, attribute: Attribute, card: Card, *, now: datetime) -> Held:
    untold = _untold(value, card)
    direct = value.source_kind is SourceKind.DIRECT
    ring = freshness(
        confirmed_at=value.confirmed_at,
        by=value.confirmed_by.value if value.confirmed_by else "",
        fresh_days=value.fresh_days,
        now=now,
    )
    return Held(
        value=value,
        name=value_name(value),
        text="" if untold else readable(value),
        untold=untold,
        fixed=_fixed(value),
        ring=replace(ring, words=_confirmed(value, now)),
        origin=_("from you") if direct else origin_label(value.source_kind, value.source_name),
        why=list(dict.fromkeys(why_label(term) for term in attribute.purposes)),
        basis=basis_label(attribute.legal_basis),
        law=article(attribute.legal_basis),
        kept=kept_label(attribute),
    )


def _untold(value: CardValue, card: Card) -> str:
    """Why the page does not say what the value says; empty where it does."""
    if card.restriction is not None or value.restricted:
        return _("Not shown: it may only be stored at present. Ask for a copy of it.")
    if value.text is None:
        return _("Nobody can read it any more: its key is destroyed.")
    if value.kind is ValueKind.TEXT:
        return _("Written freely, and may speak of others too. You get it with the copy of your data.")
    return ""


def _fixed(value: CardValue) -> str:
    """Why the customer does not change it here; empty where they do."""
    if value.kind in _GIVEN_BY_THE_COMPANY:
        return _("The company gave it to you. Is it wrong? Tell the company.")
    return ""


def _confirmed(value: CardValue, now: datetime) -> str:
    """Whole sentences, since languages order them differently."""
    if value.confirmed_at is None or value.confirmed_by is None:
        return _("never confirmed")
    sentences = {
        ConfirmedBy.CUSTOMER: _("you confirmed it: %(when)s"),
        ConfirmedBy.DOCUMENT: _("confirmed %(when)s from a document"),
        ConfirmedBy.FEED: _("confirmed %(when)s by the update service"),
        ConfirmedBy.DELIVERY: _("confirmed %(when)s: a message arrived"),
        ConfirmedBy.OPERATOR: _("confirmed %(when)s by the company"),
    }
    return sentences[value.confirmed_by] % {"when": since(value.confirmed_at, now)}
