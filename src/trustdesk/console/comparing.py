"""Two sides of a comparison as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trustdesk.design.readable import phone_text
from trustdesk.design.updating import Bar, about_label, bar, closed_reason, level_mark, likely, share
from trustdesk.kernel.ids import to_public
from trustdesk.matching.contracts import Said
from trustdesk.updates.contracts import Change, Compared, Shown

MOST_BY_KEY = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was compared, as it is shown."""

    about: str
    said: Sequence[str] = field(repr=False)
    held: Sequence[str] = field(repr=False)
    word: str
    tone: str
    icon: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate with its key and its comparisons."""

    value: str
    number: int
    key: str
    customer_id: int
    name: str = field(repr=False)
    likely: str
    share: str
    household: bool
    rows: Sequence[Row]
    closed: str


def rows(compared: Sequence[Compared]) -> list[Row]:
    """With words, marks and bars."""
    return [_row(one) for one in compared]


def candidate_rows(shown: Sequence[Shown]) -> list[CandidateRow]:
    """In the order of their probability; the first six have a key."""
    return [
        CandidateRow(
            value=to_public(one.customer_id),
            number=at,
            key=str(at) if at <= MOST_BY_KEY else "",
            customer_id=one.customer_id,
            name=_name(one.compared),
            likely=likely(one.probability),
            share=share(one.probability),
            household=one.household,
            rows=rows(one.compared),
            closed=closed_reason(one.closed) if one.closed else "",
        )
        for at, one in enumerate(shown, 1)
    ]


def said_rows(change: Change, labels: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """What becomes so, and what holds no more: label, text, and whether it ends."""
    new = [(_label(one, labels), _text(one), False) for one in change.becomes]
    return new + [(_label(one, labels), _text(one), True) for one in change.ends]


def _row(one: Compared) -> Row:
    word, tone, icon = level_mark(one)
    readable = phone_text if one.about == "phone" else str
    return Row(
        about_label(one.about),
        [readable(text) for text in one.said],
        [readable(text) for text in one.held],
        word,
        tone,
        icon,
        bar(one.weight),
    )


def _name(compared: Sequence[Compared]) -> str:
    held = {one.about: one.held for one in compared}
    return " ".join(text for about in ("given", "family") for text in list(held.get(about, ()))[:1])


def _label(one: Said, labels: Mapping[str, str]) -> str:
    return labels.get(one.attribute, one.attribute)


def _text(one: Said) -> str:
    return phone_text(one.text) if one.kind == "phone" else one.text
