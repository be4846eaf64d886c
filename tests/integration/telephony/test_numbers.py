"""Numbers: whose they are, what they lead to, by which rule they are recorded, and what anybody is told of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from tests.companies import Company
from tests.telephoning import notice, number, queue, reachable

from trustdesk.announcements import api as announcements
from trustdesk.announcements.contracts import NewWords
from trustdesk.decision.api import Keep, NoticeElement, RecordingMode
from trustdesk.decision.contracts import LooserPolicyError
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.telephony import api
from trustdesk.telephony.contracts import Choice, NewMenu, PublicNumber

SZEGED, BUDAPEST = "+3662555010", "+3612345678"


def menu(*, person_first: bool = True) -> NewMenu:
    person, other = Choice(key="1", queue="service", person=True), Choice(key="2", queue="sales")
    return NewMenu(code="main", choices=[person, other] if person_first else [other, person], otherwise="service")


def test_a_call_finds_its_company(south: Company, north: Company) -> None:
    reachable(south.context(), SZEGED)
    found = api.find_number(SZEGED, now=clock.now())
    assert found is not None
    assert (found.controller_id, found.queue, found.language, found.country) == (
        south.controller_id,
        "service",
        "hu",
        "HU",
    )
    assert api.find_number(BUDAPEST, now=clock.now()) is None
    with pytest.raises(NotFoundError):
        api.number(north.context(), SZEGED)
    assert api.numbers(north.context()) == []


def test_any_notation_is_the_same_number(south: Company) -> None:
    reachable(south.context(), "06 62 555 010")
    assert [one.e164 for one in api.numbers(south.context())] == [SZEGED]


def test_a_number_belongs_to_one_company(south: Company, north: Company) -> None:
    reachable(south.context(), SZEGED)
    api.save_queue(north.context(), new=queue(), now=clock.now())
    with pytest.raises(ConflictError) as refused:
        api.save_number(north.context(), new=number(SZEGED), now=clock.now())
    assert refused.value.place == "e164"
    api.remove_number(south.context(), number=SZEGED, now=clock.now())
    assert api.find_number(SZEGED, now=clock.now()) is None
    api.save_number(north.context(), new=number(SZEGED), now=clock.now())
    with pytest.raises(NotFoundError):
        api.remove_number(south.context(), number=SZEGED, now=clock.now())


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"e164": "112"}, "e164"),
        ({"e164": "garbage"}, "e164"),
        ({"e164": "+3690123456"}, "e164"),
        ({"queue": "nobody"}, "queue"),
        ({"language": "fr"}, "language"),
        ({"country": "FR"}, "country"),
        ({"country": "FI", "sector": "bank"}, "sector"),
        ({"menu": "nothing"}, "menu"),
        ({"menu": "../x"}, "menu"),
        ({"notice": "A B"}, "notice"),
        ({"label": " "}, "label"),
        ({"label": "x" * 101}, "label"),
        ({"purposes": {}}, "purposes"),
        ({"purposes": {"fr": "x"}}, "purposes"),
        ({"purposes": {"hu": "x" * 301}}, "purposes.hu"),
        ({"display": 'Víz" <sip:x>'}, "display"),
        ({"display": "Víz\r\nVia: x"}, "display"),
        ({"trunk": 1}, "trunk"),
    ],
)
def test_what_does_not_fit_names_its_place(south: Company, more: Mapping[str, Any], place: str) -> None:
    api.save_queue(south.context(), new=queue(), now=clock.now())
    with pytest.raises(BadInputError) as refused:
        api.save_number(south.context(), new=replace(number(SZEGED), **more), now=clock.now())
    assert refused.value.place == place
    assert api.find_number(SZEGED, now=clock.now()) is None


def test_the_law_wants_no_premium_number_for_public_service(south: Company) -> None:
    api.save_queue(south.context(), new=queue(), now=clock.now())
    with pytest.raises(BadInputError) as refused:
        api.save_number(south.context(), new=number("+3690123456", sector="public_service"), now=clock.now())
    assert "HU-FGYTV-17B" in refused.value.mend


def test_a_wish_is_stricter_or_refused(south: Company) -> None:
    held = reachable(south.context(), SZEGED, mode=RecordingMode.OFF)
    assert api.rule_of(held, now=clock.now()).mode is RecordingMode.OFF
    held = reachable(south.context(), SZEGED, mode=RecordingMode.ALL_PARTY, keep=Keep(days=30))
    rule = api.rule_of(held, now=clock.now())
    assert (rule.mode, rule.keep, rule.agent_must_agree) == (RecordingMode.ALL_PARTY, Keep(days=30), True)
    wishes: tuple[dict[str, Any], ...] = ({"mode": RecordingMode.NOTICE}, {"keep": Keep(days=91)})
    for wish in wishes:
        with pytest.raises(LooserPolicyError):
            api.save_number(south.context(), new=replace(number(SZEGED), **wish), now=clock.now())


def test_a_wish_that_the_rules_have_overtaken_gives_way(south: Company) -> None:
    held = replace(reachable(south.context(), SZEGED), mode=RecordingMode.NOTICE)
    assert api.rule_of(held, now=clock.now()).mode is RecordingMode.CONSENT


def test_no_notice_no_recording(south: Company) -> None:
    context, now = south.context(), clock.now()
    held = reachable(context, SZEGED)
    terms = api.recording_terms(context, held, now=now)
    assert (terms.mode, terms.notice) == (RecordingMode.OFF, None)
    assert terms.reason
    announcements.save_notice(context, new=notice(), now=now)
    terms = api.recording_terms(context, held, now=now)
    assert terms.mode is RecordingMode.CONSENT
    assert terms.notice is not None
    assert not terms.reason


def test_a_new_notice_counts_and_is_told(south: Company) -> None:
    before = api.serial()
    announcements.save_notice(south.context(), new=notice(), now=clock.now())
    assert api.serial() == before + 1


def test_a_notice_in_another_language_is_none(south: Company) -> None:
    context, now = south.context(), clock.now()
    announcements.save_notice(context, new=notice(language="en"), now=now)
    assert api.recording_terms(context, reachable(context, SZEGED), now=now).mode is RecordingMode.OFF
    english = reachable(context, SZEGED, language="en")
    assert api.recording_terms(context, english, now=now).mode is RecordingMode.CONSENT


def test_a_notice_that_lacks_something_records_nothing(south: Company) -> None:
    """Written for calls in general; the number is one of a public service."""
    context, now = south.context(), clock.now()
    announcements.save_notice(context, new=notice(), now=now)
    held = reachable(context, SZEGED, sector="public_service")
    terms = api.recording_terms(context, held, now=now)
    assert (terms.mode, terms.notice) == (RecordingMode.OFF, None)
    assert "lacks" in terms.reason
    announcements.save_notice(context, new=notice("HU", "public_service"), now=now)
    assert api.recording_terms(context, held, now=now).mode is RecordingMode.MANDATORY


def test_who_is_told_that_nothing_is_recorded_is_not(south: Company) -> None:
    context, now = south.context(), clock.now()
    parts = {element: f"Ez a rész: {element}." for element in NoticeElement}
    announcements.save_notice(context, new=notice(parts=parts, recorded=False), now=now)
    terms = api.recording_terms(context, reachable(context, SZEGED), now=now)
    assert terms.mode is RecordingMode.OFF
    assert terms.notice is not None
    assert terms.reason


def test_a_person_comes_first_where_the_law_wants_it(south: Company) -> None:
    context, now = south.context(), clock.now()
    api.save_queue(context, new=queue("sales"), now=now)
    reachable(context, SZEGED)
    api.save_menu(context, new=menu(person_first=False), now=now)
    reachable(context, BUDAPEST, menu="main")
    with pytest.raises(BadInputError) as refused:
        api.save_number(context, new=number(SZEGED, sector="public_service", menu="main"), now=now)
    assert refused.value.place == "menu"
    assert "HU-FGYTV-17B" in refused.value.mend
    api.save_menu(context, new=menu(), now=now)
    api.save_number(context, new=number(SZEGED, sector="public_service", menu="main"), now=now)
    with pytest.raises(BadInputError) as refused:
        api.save_menu(context, new=menu(person_first=False), now=now)
    assert refused.value.place == "choices"


def test_a_menu_says_what_the_prompts_can_or_has_words_of_its_own(south: Company) -> None:
    context, now = south.context(), clock.now()
    reachable(context, SZEGED)
    many = NewMenu(code="main", choices=[Choice(key=key, queue="service") for key in "123"], otherwise="service")
    with pytest.raises(BadInputError) as refused:
        api.save_menu(context, new=many, now=now)
    assert refused.value.place == "words"
    api.save_menu(context, new=replace(many, words="keys"), now=now)
    with pytest.raises(BadInputError) as refused:
        api.save_number(context, new=number(SZEGED, menu="main"), now=now)
    assert refused.value.place == "menu"
    announcements.save_words(context, new=NewWords(code="keys", language="hu", text="Egyes, kettes, hármas."), now=now)
    api.save_number(context, new=number(SZEGED, menu="main"), now=now)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"code": "A"}, "code"),
        ({"choices": []}, "choices"),
        ({"choices": [Choice(key="1", queue="service")] * 2}, "choices.1.key"),
        ({"choices": [Choice(key="*", queue="service")]}, "choices.0.key"),
        ({"choices": [Choice(key="12", queue="service")]}, "choices.0.key"),
        ({"choices": [Choice(key="1", queue="nobody")]}, "choices.0.queue"),
        ({"otherwise": "nobody"}, "otherwise"),
        ({"wait_seconds": 1.0}, "wait_seconds"),
    ],
)
def test_a_menu_that_does_not_fit_names_its_place(south: Company, more: Mapping[str, Any], place: str) -> None:
    api.save_queue(south.context(), new=queue(), now=clock.now())
    api.save_queue(south.context(), new=queue("sales"), now=clock.now())
    with pytest.raises(BadInputError) as refused:
        api.save_menu(south.context(), new=replace(menu(), **more), now=clock.now())
    assert refused.value.place == place


def test_what_is_used_can_not_be_taken_away(south: Company) -> None:
    context, now = south.context(), clock.now()
    api.save_queue(context, new=queue("sales"), now=now)
    reachable(context, SZEGED)
    api.save_menu(context, new=menu(), now=now)
    api.save_number(context, new=number(SZEGED, menu="main"), now=now)
    with pytest.raises(ConflictError, match="still used") as refused:
        api.remove_queue(context, code="sales", now=now)
    assert "main" in refused.value.mend
    with pytest.raises(ConflictError):
        api.remove_menu(context, code="main", now=now)
    api.remove_number(context, number=SZEGED, now=now)
    api.remove_menu(context, code="main", now=now)
    api.remove_queue(context, code="sales", now=now)
    with pytest.raises(NotFoundError):
        api.queue(context, "sales")


def test_anybody_is_told_company_and_purpose_and_nothing_else(south: Company) -> None:
    reachable(south.context(), SZEGED)
    assert api.public_number(SZEGED, language="en") == PublicNumber(company="Alföldi Víz", purpose="Customer service")
    assert api.public_number(SZEGED, language="fi") == PublicNumber(company="Alföldi Víz", purpose="Ügyfélszolgálat")
    assert api.public_number(BUDAPEST) is None


def test_a_number_that_only_calls_answers_nothing(south: Company) -> None:
    reachable(south.context(), SZEGED, answers=False)
    assert api.find_number(SZEGED, now=clock.now()) is None
    assert api.public_number(SZEGED) is not None
    assert SZEGED not in api.edge_config().numbers


def test_a_change_is_counted_and_told(south: Company) -> None:
    before = api.serial()
    reachable(south.context(), SZEGED)
    assert api.serial() == before + 2
    with transaction.atomic():
        api.save_queue(south.context(), new=queue("other"), now=clock.now())
        assert api.serial() == before + 3
        transaction.set_rollback(True)
    assert api.serial() == before + 2


def test_who_may_only_read_changes_nothing(south: Company) -> None:
    reachable(south.context(), SZEGED)
    reader, now = south.context("telephony:read"), clock.now()
    for write in (
        lambda: api.save_queue(reader, new=queue(), now=now),
        lambda: api.save_number(reader, new=number(SZEGED), now=now),
        lambda: api.save_menu(reader, new=menu(), now=now),
        lambda: api.remove_number(reader, number=SZEGED, now=now),
        lambda: api.remove_queue(reader, code="service", now=now),
        lambda: api.remove_menu(reader, code="main", now=now),
        lambda: api.set_skill(reader, operator_id=1, queue="service", level=1, now=now),
    ):
        with pytest.raises(RefusedError):
            write()


def test_the_database_keeps_companies_apart(south: Company, north: Company) -> None:
    reachable(south.context(), SZEGED)
    with scoped(north.context().scope), connection.cursor() as cursor:
        for table in ("number", "queue", "menu", "skill", "agreement", "reach", "call_out"):
            cursor.execute(f"SELECT count(*) FROM telephony_{table} WHERE controller_id = %s", [south.controller_id])
            assert cursor.fetchone() == (0,)
