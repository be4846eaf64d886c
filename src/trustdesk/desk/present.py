"""From the register's frozen values to what a page says. Nothing is opened here; nothing is decided here either."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.accounts import api as accounts
from trustdesk.conversations.contracts import Happening as Spoken
from trustdesk.design.conversing import event_label
from trustdesk.design.disclosures import Given, given
from trustdesk.design.freshness import Freshness, freshness, settled
from trustdesk.design.happenings import operator_name
from trustdesk.design.origin import origin_label
from trustdesk.design.readable import readable, value_name
from trustdesk.design.requesting import STATE_TONES, Deadline, deadline, state_label
from trustdesk.design.requesting import kind_label as right_label
from trustdesk.design.restriction import ground_label
from trustdesk.desk.forms import CorrectForm, NewValueForm, NoteForm, RestrictForm
from trustdesk.desk.ties import Ties, ties
from trustdesk.desk.words import (
    confirmed_by_choices,
    happening_label,
    kind_icon,
    kind_label,
)
from trustdesk.kernel.context import AccessContext
from trustdesk.register.contracts import (
    Attribute,
    Card,
    CardValue,
    Disclosure,
    Employment,
    Merge,
    Note,
    TimelineEntry,
    ValueKind,
)
from trustdesk.rights.contracts import RequestView
from trustdesk.updates.contracts import Order, OrderKind

_ICONS = {
    ValueKind.PHONE: "phone",
    ValueKind.EMAIL: "mail",
    ValueKind.ADDRESS: "pin",
    ValueKind.PLACE: "pin",
    ValueKind.REGION: "pin",
    ValueKind.BIRTH_DATE: "calendar",
    ValueKind.DATE: "calendar",
    ValueKind.NAME: "person",
    ValueKind.EXTERNAL_ID: "tag",
    ValueKind.CODE: "tag",
    ValueKind.HANDLE: "person",
    ValueKind.TEXT: "note",
}
GIVEN_SHOWN = 5
TIMELINE_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """One value with its marks. `closed` is the reason why it may not be worked on; empty where it may."""

    value: CardValue
    text: str
    label: str
    icon: str
    ring: Freshness
    origin: str
    closed: str
    law: str
    form: CorrectForm
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    note: Note
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happened to the customer. `reference` is that of the conversation it happened in."""

    at: datetime
    label: str
    by: str
    detail: str = ""
    reference: str = ""
    conversation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside the card's values: what happened, who else belongs here, what was given to others."""

    timeline: Sequence[TimelineEntry]
    spoken: Sequence[Spoken]
    merges: Sequence[Merge]
    employment: Employment
    disclosures: Sequence[Disclosure]
    requests: Sequence[RequestView]
    orders: Sequence[Order] = ()


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A right that is being exercised: what it is, how it stands, and how much time is left."""

    view: RequestView
    kind: str
    state: str
    tone: str
    deadline: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """All the customer's page says."""

    card: Card
    ties: Ties
    requests: Sequence[OpenRequest]
    given: Sequence[Given]
    given_total: int
    closed: str  # why nothing may be worked on here; empty where something may
    law: str
    role_reason: str
    kind: str
    icon: str
    contact: Sequence[ValueRow]
    other: Sequence[ValueRow]
    restriction: str
    secret_since: datetime | None  # an order of non-disclosure stands
    art14_overdue: bool
    notes: Sequence[NoteRow]
    happenings: Sequence[Happening]
    may: Mapping[str, bool]
    note_form: NoteForm
    value_form: NewValueForm
    restrict_form: RestrictForm
    confirm_choices: Sequence[tuple[str, str]]


def customer_page(
    context: AccessContext,
    card: Card,
    beside: Beside,
    catalog: Sequence[Attribute],
    *,
    now: datetime,
    changed: int | None = None,
    forms: Mapping[str, object] | None = None,
) -> CustomerPage:
    """`changed` is the value to mark as just changed; `forms` are bound forms with what is wrong in them."""
    typed = forms or {}
    rows = [value_row(value, now=now, changed=changed, forms=typed) for value in card.values]
    writers = [*(note.written_by for note in card.notes), *(merge.merged_by for merge in beside.merges)]
    acting = [*(entry.operator_id for entry in beside.timeline), *(each.operator_id for each in beside.spoken)]
    names = names_of([*acting, *writers])
    closed, law = _closed_card(context, card)
    note_form, value_form, restrict_form = typed.get("note"), typed.get("value"), typed.get("restrict")
    return CustomerPage(
        card=card,
        ties=ties(card, beside.merges, beside.employment, names),
        requests=[_open_request(each, now) for each in beside.requests],
        given=given(
            beside.disclosures[:GIVEN_SHOWN],
            values=card.values,
            labels={attribute.code: attribute.label for attribute in catalog},
        ),
        given_total=len(beside.disclosures),
        closed=closed,
        law=law,
        role_reason=_("Your role under this mandate does not include this."),
        kind=kind_label(card.kind),
        icon=kind_icon(card.kind),
        contact=[row for row in rows if row.value.contact_point],
        other=[row for row in rows if not row.value.contact_point],
        restriction=ground_label(card.restriction.ground) if card.restriction else "",
        secret_since=_secret_since(beside.orders),
        art14_overdue=card.art14_due_at is not None and card.art14_due_at <= now,
        notes=[NoteRow(note=note, by=operator_name(names, note.written_by)) for note in card.notes],
        happenings=_happenings(beside, names),
        may=may(context),
        note_form=note_form if isinstance(note_form, NoteForm) else NoteForm(),
        value_form=value_form if isinstance(value_form, NewValueForm) else NewValueForm(catalog=catalog),
        restrict_form=restrict_form if isinstance(restrict_form, RestrictForm) else RestrictForm(),
        confirm_choices=confirmed_by_choices(),
    )


def _secret_since(orders: Sequence[Order]) -> datetime | None:
    return min((order.since for order in orders if order.kind is OrderKind.NON_DISCLOSURE), default=None)


def _open_request(view: RequestView, now: datetime) -> OpenRequest:
    label, tone = state_label(view.state), STATE_TONES[view.state]
    return OpenRequest(view, right_label(view.kind), label, tone, deadline(view, now))


def _happenings(beside: Beside, names: dict[int, str]) -> list[Happening]:
    """The register's and those of the conversations, in one order, newest first."""
    recorded = [
        Happening(
            at=entry.at,
            label=happening_label(entry.kind),
            by=operator_name(names, entry.operator_id),
            detail=entry.detail,
        )
        for entry in beside.timeline
    ]
    spoken = [
        Happening(
            at=each.at,
            label=event_label(each.kind),
            by=operator_name(names, each.operator_id),
            reference=each.reference,
            conversation_id=each.conversation_id,
        )
        for each in beside.spoken
    ]
    return sorted([*recorded, *spoken], key=lambda one: one.at, reverse=True)[: max(len(recorded), TIMELINE_SHOWN)]


def value_row(
    value: CardValue, *, now: datetime, changed: int | None = None, forms: Mapping[str, object] | None = None
) -> ValueRow:
    closed, law = _closed_value(value)
    bound = (forms or {}).get(f"correct-{value.value_id}")
    ring = freshness(
        confirmed_at=value.confirmed_at,
        by=value.confirmed_by.value if value.confirmed_by else "",
        fresh_days=value.fresh_days,
        now=now,
    )
    return ValueRow(
        value=value,
        text=readable(value),
        label=value_name(value),
        icon=_ICONS[value.kind],
        ring=settled(ring) if value.contact_point and value.confirmed_at and not value.stale else ring,
        origin=origin_label(value.source_kind, value.source_name),
        closed=closed,
        law=law,
        form=bound if isinstance(bound, CorrectForm) else CorrectForm.of(value),
        changed=value.value_id == changed,
    )


def may(context: AccessContext) -> dict[str, bool]:
    """What the operator may do here, by the last word of the operation."""
    operations = ("confirm", "correct", "note", "merge", "lock", "create", "open")
    others = {"log": "log:read", "clearance": "clearance:read", "call": "call:dial", "request": "request:take"}
    named = {name: f"customer:{name}" for name in operations} | others
    return {name: context.allows(operation) for name, operation in named.items()}


def names_of(operators: Iterable[int | None]) -> dict[int, str]:
    """The operators' names, asked once for a page."""
    wanted = {operator for operator in operators if operator}
    return accounts.names(wanted) if wanted else {}


def _closed_card(context: AccessContext, card: Card) -> tuple[str, str]:
    """Why none of the values may be worked on, said once, and the source of it."""
    if card.restriction:
        return _("Restricted to storage at the customer's request."), _("GDPR Art. 18")
    if not (context.allows("customer:confirm") or context.allows("customer:correct")):
        return _("Your role under this mandate does not include this."), ""
    return "", ""


def _closed_value(value: CardValue) -> tuple[str, str]:
    if value.restricted:
        return _("Restricted to storage at the customer's request."), _("GDPR Art. 18")
    if value.text is None:
        return _("The key of this value is destroyed; nobody can open it."), _("GDPR Art. 17")
    return "", ""
