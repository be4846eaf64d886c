"""From the register's frozen values to what a page says. Nothing is opened here; nothing is decided here either."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import phonenumbers
from django.utils import formats
from django.utils.translation import gettext as _

from trustdesk.accounts import api as accounts
from trustdesk.design.freshness import Freshness, freshness
from trustdesk.design.happenings import operator_name
from trustdesk.desk.forms import CorrectForm, NewValueForm, NoteForm, RestrictForm
from trustdesk.desk.words import (
    confirmed_by_choices,
    ground_label,
    happening_label,
    kind_icon,
    kind_label,
    label_words,
    origin_label,
)
from trustdesk.kernel.context import AccessContext
from trustdesk.register.contracts import Attribute, Card, CardValue, Note, TimelineEntry, ValueKind

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
_DEFAULT_FRESH_DAYS = 365


def readable(value: CardValue) -> str:
    """The value as one reads it aloud: phone numbers in groups, dates in the reader's manner."""
    if value.text is None:
        return ""
    if value.kind in {ValueKind.BIRTH_DATE, ValueKind.DATE}:
        return _date(value.text)
    return _phone(value.text) if value.kind is ValueKind.PHONE else value.text


def _date(text: str) -> str:
    try:
        return formats.date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:  # a date of which only the year is known
        return text


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


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
    entry: TimelineEntry
    label: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """All the customer's page says."""

    card: Card
    closed: str  # why nothing may be worked on here; empty where something may
    law: str
    role_reason: str
    kind: str
    icon: str
    contact: Sequence[ValueRow]
    other: Sequence[ValueRow]
    restriction: str
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
    timeline: Sequence[TimelineEntry],
    catalog: Sequence[Attribute],
    *,
    now: datetime,
    changed: int | None = None,
    forms: Mapping[str, object] | None = None,
) -> CustomerPage:
    """`changed` is the value to mark as just changed; `forms` are bound forms with what is wrong in them."""
    given = forms or {}
    fresh_days = {attribute.code: attribute.fresh_days for attribute in catalog}
    rows = [value_row(value, fresh_days, now=now, changed=changed, forms=given) for value in card.values]
    names = names_of([*(entry.operator_id for entry in timeline), *(note.written_by for note in card.notes)])
    closed, law = _closed_card(context, card)
    note_form, value_form, restrict_form = given.get("note"), given.get("value"), given.get("restrict")
    return CustomerPage(
        card=card,
        closed=closed,
        law=law,
        role_reason=_("Your role under this mandate does not include this."),
        kind=kind_label(card.kind),
        icon=kind_icon(card.kind),
        contact=[row for row in rows if row.value.contact_point],
        other=[row for row in rows if not row.value.contact_point],
        restriction=ground_label(card.restriction.ground) if card.restriction else "",
        art14_overdue=card.art14_due_at is not None and card.art14_due_at <= now,
        notes=[NoteRow(note=note, by=operator_name(names, note.written_by)) for note in card.notes],
        happenings=[
            Happening(entry=entry, label=happening_label(entry.kind), by=operator_name(names, entry.operator_id))
            for entry in timeline
        ],
        may=may(context),
        note_form=note_form if isinstance(note_form, NoteForm) else NoteForm(),
        value_form=value_form if isinstance(value_form, NewValueForm) else NewValueForm(catalog=catalog),
        restrict_form=restrict_form if isinstance(restrict_form, RestrictForm) else RestrictForm(),
        confirm_choices=confirmed_by_choices(),
    )


def value_row(
    value: CardValue,
    fresh_days: Mapping[str, int],
    *,
    now: datetime,
    changed: int | None,
    forms: Mapping[str, object],
) -> ValueRow:
    closed, law = _closed_value(value)
    bound = forms.get(f"correct-{value.value_id}")
    return ValueRow(
        value=value,
        text=readable(value),
        label=_label(value),
        icon=_ICONS[value.kind],
        ring=freshness(
            confirmed_at=value.confirmed_at,
            by=value.confirmed_by.value if value.confirmed_by else "",
            fresh_days=fresh_days.get(value.attribute, _DEFAULT_FRESH_DAYS),
            now=now,
        ),
        origin=origin_label(value.source_kind, value.source_name),
        closed=closed,
        law=law,
        form=bound if isinstance(bound, CorrectForm) else CorrectForm.of(value),
        changed=value.value_id == changed,
    )


def may(context: AccessContext) -> dict[str, bool]:
    """What the operator may do here, by the last word of the operation."""
    operations = ("confirm", "correct", "note", "merge", "lock", "create", "open")
    return {name: context.allows(f"customer:{name}") for name in operations} | {"log": context.allows("log:read")}


def names_of(operators: Iterable[int | None]) -> dict[int, str]:
    """The operators' names, asked once for a page."""
    wanted = {operator for operator in operators if operator}
    return accounts.names(wanted) if wanted else {}


def _label(value: CardValue) -> str:
    name = _(value.attribute_label) if value.attribute_label else value.attribute
    return f"{name} · {label_words(value.label)}" if value.label else name


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
