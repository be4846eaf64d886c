import re
from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from trustdesk.design.freshness import freshness
from trustdesk.design.icons import ICONS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def render(text: str, **values: object) -> str:
    return Template("{% load design %}" + text).render(Context(values))


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (0, "fresh", "confirmed today by the customer"),
        (1, "fresh", "confirmed yesterday by the customer"),
        (30, "fresh", "confirmed 30 days ago by the customer"),
        (300, "aging", "confirmed 10 months ago by the customer"),
        (365, "stale", "confirmed 12 months ago by the customer"),
        (1200, "stale", "confirmed 3 years ago by the customer"),
    ],
)
def test_the_ring_empties(days: int, state: str, words: str) -> None:
    ring = freshness(confirmed_at=NOW - timedelta(days=days), by="customer", fresh_days=365, now=NOW)
    assert (ring.state, ring.words) == (state, words)
    assert 0 <= ring.share <= 1


def test_never_confirmed_is_stale() -> None:
    assert freshness(confirmed_at=None, by="", fresh_days=365, now=NOW).state == "stale"


def test_a_clock_set_back_does_not_overfill_the_ring() -> None:
    ring = freshness(confirmed_at=NOW + timedelta(days=2), by="feed", fresh_days=365, now=NOW)
    assert ring.share == 1


def test_every_icon_is_read() -> None:
    assert len(ICONS) > 30
    assert "seal" in ICONS


def test_words_are_escaped_in_every_component() -> None:
    evil = "<script>alert(1)</script>"
    text = (
        "{% badge evil 'good' %}{% closed_door evil evil evil %}{% reference 'AB<C>' %}"
        "{% notice evil %}{{ evil }}{% endnotice %}{% nothing evil %}{{ evil }}{% endnothing %}"
        "{% proof evil %}{{ evil }}{% endproof %}"
    )
    shown = render(text, evil=evil)
    assert "<script" not in shown
    assert shown.count("&lt;script") == 10


def test_a_reference_stands_in_groups_of_three() -> None:
    assert "0D4 X7P 2M9 KQ3V" in render("{% reference '0D4X7P2M9KQ3V' %}")


def test_reasons_are_tied_to_their_buttons() -> None:
    shown = render("{% closed_door 'Call' 'Objected.' 'GDPR Art. 21(3)' %}{% closed_door 'Call' 'Objected.' %}")
    assert shown.count('aria-disabled="true"') == 2
    assert len(set(re.findall(r'id="(why-\d+)"', shown))) == 2


def test_an_instant_is_in_the_readers_manner() -> None:
    with translation.override("de"):
        assert "22.11.2026 12:00" in render("{% when now %}", now=NOW)
    assert render("{% when none %}", none=None) == ""
