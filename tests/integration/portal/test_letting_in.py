"""Who is let in, by what, and what is not said to whom."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from tests.integration.delivery.posting import Company
from tests.integration.portal.visiting import ask, inside

from trustdesk.identity import api as identity
from trustdesk.kernel import clock
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewValue, Notice, NoticeKind

TOKEN = re.compile(r"[0-9A-Za-z]{64}")
pytestmark = pytest.mark.usefixtures("company")


def another(company: Company, **texts: str) -> int:
    values = [NewValue(attribute, text) for attribute, text in texts.items()]
    notice = Notice(NoticeKind.ART13, "2026-1", clock.now())
    return register.create_customer(
        company.context(),
        kind=CustomerKind.PERSON,
        values=values,
        source_id=company.source_id,
        notice=notice,
        country="FI",
        now=clock.now(),
    )


def test_the_link_in_the_mail_lets_in_whoever_asked_once(company: Company) -> None:
    company.person()
    browser = Client()
    link = ask(company, browser, "Aino@Example.com")
    assert link
    assert browser.get(link).status_code == 200, "following it opens nothing yet"
    assert browser.get(f"/my/{company.id}/choices/").status_code == 302
    assert browser.post(link)["Location"] == f"/my/{company.id}/choices/"
    assert browser.get(f"/my/{company.id}/choices/").status_code == 200
    assert browser.post(link).status_code == 403, "used"


def test_a_stranger_is_told_the_same_and_gets_nothing(company: Company) -> None:
    company.person()
    known, unknown = Client(), Client()
    said = known.post(f"/my/{company.id}/link/", {"address": "aino@example.com"})
    other = unknown.post(f"/my/{company.id}/link/", {"address": "nobody@example.com"})
    assert TOKEN.sub("", said.content.decode()) == TOKEN.sub("", other.content.decode())
    assert said.cookies.keys() == other.cookies.keys()
    assert ask(company, Client(), "nobody@example.com") == ""


def test_in_another_browser_the_link_opens_nothing(company: Company) -> None:
    company.person()
    link = ask(company, Client(), "aino@example.com")
    other = Client()
    other.post(f"/my/{company.id}/link/", {"address": "nobody@example.com"})
    assert other.get(link).status_code == 403
    assert other.post(link).status_code == 403


def test_a_link_dies_after_a_quarter_of_an_hour(company: Company) -> None:
    company.person()
    browser = Client()
    link = ask(company, browser, "aino@example.com")
    with patch.object(clock, "now", return_value=clock.now() + identity.LINK_LIVES + timedelta(seconds=1)):
        assert browser.post(link).status_code == 403


def test_a_visit_ends_after_half_an_hour_and_by_leaving(company: Company) -> None:
    company.person()
    browser = inside(company)
    later = clock.now() + identity.VISIT_LIVES + timedelta(seconds=1)
    with patch.object(clock, "now", return_value=later):
        assert browser.get(f"/my/{company.id}/choices/").status_code == 302
    cookie = browser.cookies["trustdesk_visit"].value
    assert browser.post(f"/my/{company.id}/leave/").status_code == 302
    browser.cookies["trustdesk_visit"] = cookie
    assert browser.get(f"/my/{company.id}/choices/").status_code == 302, "the cookie alone is worth nothing now"


def test_a_shared_mailbox_needs_one_thing_more(company: Company) -> None:
    another(company, name="Aino Koti", email="koti@example.com", birth_date="17.3.1981")
    second = another(company, name="Eero Koti", email="koti@example.com", birth_date="2.5.1979")
    browser = Client()
    link = ask(company, browser, "koti@example.com")
    assert browser.post(link).status_code == 422, "the mailbox alone does not say who"
    assert browser.post(link, {"fact": "1.1.1970"}).status_code == 422
    assert browser.post(link, {"fact": "2.5.1979"}).status_code == 302
    (visit,) = company.ask("SELECT customer_id, proof FROM identity_visit WHERE controller_id = %s", company.id)
    assert visit == (second, "mailbox-and-fact")


def test_guessing_ends_after_five_tries(company: Company) -> None:
    another(company, name="Aino Koti", email="koti@example.com", birth_date="17.3.1981")
    another(company, name="Eero Koti", email="koti@example.com", birth_date="2.5.1979")
    browser = Client()
    link = ask(company, browser, "koti@example.com")
    answers = [browser.post(link, {"fact": f"{day}.1.1970"}).status_code for day in range(1, 6)]
    assert answers == [422] * 5
    assert browser.post(link, {"fact": "2.5.1979"}).status_code == 403


def test_a_fourth_link_within_an_hour_is_not_sent_and_looks_the_same(company: Company) -> None:
    company.person()
    links = [ask(company, Client(), "aino@example.com") for _ in range(4)]
    assert [bool(link) for link in links] == [True, True, True, False]


def test_the_address_is_gone_as_soon_as_it_was_looked_up(company: Company) -> None:
    company.person()
    ask(company, Client(), "aino@example.com")
    rows = company.ask("SELECT address FROM identity_link WHERE controller_id = %s", company.id)
    assert rows == [(None,)]


@pytest.mark.parametrize("address", ["", "  ", "aino", "12", "a@b@c", "\x00@example.com"])
def test_what_is_no_address_is_said_so(company: Company, address: str) -> None:
    answer = Client().post(f"/my/{company.id}/link/", {"address": address})
    assert answer.status_code == 422


@pytest.mark.parametrize("token", ["x", "0000000000000-" + "A" * 43, "../../x", "0" * 13 + "-" + "é" * 43])
def test_an_invented_link_opens_nothing(company: Company, token: str) -> None:
    assert Client().get(f"/my/{company.id}/open/{token}/").status_code in {403, 404}


def test_a_visit_of_one_company_is_none_of_another(company: Company) -> None:
    from tests.integration.delivery import posting  # noqa: PLC0415 - a second company

    company.person()
    neighbor = posting.company()
    browser = inside(company)
    assert browser.get(f"/my/{neighbor.id}/choices/").status_code == 302
    assert browser.get("/my/999999/").status_code == 404


def test_pages_are_in_no_cache_and_their_addresses_go_nowhere(company: Company) -> None:
    company.person()
    browser = Client()
    link = ask(company, browser, "aino@example.com")
    for answer in (browser.get(link), browser.get(f"/my/{company.id}/")):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
    cookie = browser.cookies["trustdesk_browser"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/my/")


def test_what_is_over_is_forgotten_after_a_day(company: Company) -> None:
    from trustdesk.identity.services.forgetting import forget_old  # noqa: PLC0415 - the job's own function

    company.person()
    inside(company)
    forget_old(now=clock.now() + timedelta(days=2))
    for table in ("identity_link", "identity_visit"):
        assert company.ask(f"SELECT count(*) FROM {table} WHERE controller_id = %s", company.id) == [(0,)]
