"""Every code has its words: one that is added later is not shown as a code, it fails here."""

from collections.abc import Callable, Iterable

import pytest

from trustdesk.clearance.contracts import (
    ALL_MARKETING,
    ELEMENTS,
    EVERYTHING,
    By,
    ConsentState,
    ListFormat,
    Method,
    NoticeKind,
    PointKind,
    RecipientRole,
    Scope,
    SuppressionReason,
)
from trustdesk.console import clearance_words
from trustdesk.decision.contracts import Channel, Outcome, PurposeKind
from trustdesk.design import contacting


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Channel, contacting.channel_label),
        (ConsentState, contacting.state_label),
        (Method, contacting.method_label),
        (By, contacting.by_label),
        (PurposeKind, contacting.kind_label),
        (PointKind, contacting.point_label),
        (SuppressionReason, clearance_words.reason_label),
        (RecipientRole, clearance_words.role_label),
        (NoticeKind, clearance_words.notice_label),
        (ListFormat, clearance_words.format_label),
        (ELEMENTS, clearance_words.element_label),
    ],
)
def test_every_code_has_words(codes: Iterable[str], words: Callable[[str], str]) -> None:
    found = {code: words(code) for code in codes}
    assert len(set(found.values())) == len(found)
    assert all(text and text != code for code, text in found.items())


def test_every_outcome_state_and_channel_has_its_mark() -> None:
    assert contacting.OUTCOME_TONES.keys() == set(Outcome)
    assert contacting.STATE_TONES.keys() == set(ConsentState)
    assert contacting.CHANNEL_ICONS.keys() == set(Channel)


def test_what_an_objection_speaks_of() -> None:
    named = {"news": "News of our offers"}
    assert contacting.scope_label(EVERYTHING, named) == "Everything"
    assert contacting.scope_label(ALL_MARKETING, named) == "All advertising"
    assert contacting.scope_label(Scope(purpose="news", channel=Channel.SMS), named) == (
        "News of our offers · Text message"
    )
    assert contacting.scope_label(Scope(kind=PurposeKind.RESEARCH), named) == "Research"
