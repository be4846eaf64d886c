"""The page of the mailbox for requests: set in an elevated session by who manages delivery, seen by officers."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests.dovecot import HOST, PASSWORD, Mailboxes, dovecot
from tests.surfaces import elevated, seated
from tests.unit.rights.test_request_mails import mail
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.rights import api as rights

PAGE = "/console/requests/mailbox/"
DEEDS = ("change", "try", "pause", "resume", "remove")


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Mailboxes]:
    with dovecot() as made:
        yield made


@pytest.fixture(autouse=True)
def alone(committed: World, mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine counts as the own house; the company has no mailbox before and after."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mailboxes.roots))
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8", "::1/128"]):
        yield
    rights.remove_mailbox(committed.context(committed.manager_north, committed.north))


def manager(committed: World) -> Client:
    return elevated(seated(committed.manager_north, committed.north), committed.manager_north)


def typed(mailboxes: Mailboxes, **change: str) -> dict[str, str]:
    given = {"host": HOST, "port": str(mailboxes.port), "security": "tls", "user": f"rights-{new_id()}"}
    return {**given, "password": PASSWORD, "folder": "INBOX", **change}


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_set_tried_read_paused_and_taken_away(committed: World, mailboxes: Mailboxes) -> None:
    browser, given = manager(committed), typed(mailboxes)
    assert "No mailbox is read" in text(browser.get(PAGE))
    saved = text(browser.post(f"{PAGE}change/", given, follow=True))
    assert "not read yet" in saved
    assert "It answers, lets us in" in text(browser.post(f"{PAGE}try/", follow=True))
    mailboxes.put(given["user"], mail(Auto_Submitted="auto-replied"))
    rights.read_mailbox(committed.system(committed.north, "compliance"), now=clock.now())
    officer = seated(committed.officer_north, committed.north)
    for looking in (browser, officer):
        shown = text(looking.get(PAGE))
        assert "an automatic answer or a report" in shown
        assert "works" in shown
    paused = text(browser.post(f"{PAGE}pause/", follow=True))
    assert "Nobody reads it while it is paused" in paused
    assert "Nobody reads it while it is paused" not in text(browser.post(f"{PAGE}resume/", follow=True))
    assert "taken away" in text(browser.post(f"{PAGE}remove/", follow=True))
    assert browser.post(f"{PAGE}try/").status_code == 404


def test_the_password_goes_in_and_never_comes_out(committed: World, mailboxes: Mailboxes) -> None:
    browser, given = manager(committed), typed(mailboxes)
    refused = browser.post(f"{PAGE}change/", {**given, "port": "0"})
    saved = browser.post(f"{PAGE}change/", given, follow=True)
    form = browser.get(f"{PAGE}change/")
    assert given["user"] in text(form)
    for answer in (refused, saved, form):
        assert PASSWORD not in text(answer)
    assert "no-store" in form.headers["Cache-Control"]
    browser.post(f"{PAGE}change/", {**given, "password": ""})
    assert "It answers, lets us in" in text(browser.post(f"{PAGE}try/", follow=True))


def test_what_is_wrong_stands_there_in_words_with_its_mend(committed: World, mailboxes: Mailboxes) -> None:
    browser = manager(committed)
    for change, said in (
        ({"password": "wrong"}, "Give the password anew"),
        ({"folder": "Nowhere"}, "There is no such folder in it"),
        ({"port": "9"}, "Nobody answers there"),
    ):
        browser.post(f"{PAGE}change/", typed(mailboxes, **change))
        tried = text(browser.post(f"{PAGE}try/", follow=True))
        assert said in tried
        assert "does not work" in tried


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": ""}, "id_host"),
        ({"port": "70000"}, "65535"),
        ({"security": "none"}, "none"),
        ({"password": ""}, "The mailbox needs its password."),
        ({"folder": "Parked"}, "letters are put away into it"),
        ({"user": "a\u2028b"}, "can&#x27;t be typed"),
    ],
)
def test_what_does_not_fit_is_said(committed: World, mailboxes: Mailboxes, change: dict[str, str], said: str) -> None:
    browser = manager(committed)
    answer = browser.post(f"{PAGE}change/", typed(mailboxes, **change))
    assert answer.status_code == 422
    assert said in text(answer)
    assert "No mailbox is read" in text(browser.get(PAGE))


def test_a_password_is_not_handed_to_another_host(committed: World, mailboxes: Mailboxes) -> None:
    browser, given = manager(committed), typed(mailboxes)
    browser.post(f"{PAGE}change/", given)
    answer = browser.post(f"{PAGE}change/", {**given, "host": "mail.example", "password": ""})
    assert (answer.status_code, "The mailbox needs its password." in text(answer)) == (422, True)


def test_only_in_an_elevated_session(committed: World, mailboxes: Mailboxes) -> None:
    browser = seated(committed.manager_north, committed.north)
    assert browser.get(f"{PAGE}change/").status_code == 200
    for deed in DEEDS:
        assert browser.post(f"{PAGE}{deed}/", typed(mailboxes)).status_code == 403, deed
    shown = text(browser.get(PAGE))
    assert "Changing anything here needs an elevated session" in shown
    assert "No mailbox is read" in shown


def test_who_may_not(committed: World, mailboxes: Mailboxes) -> None:
    manager(committed).post(f"{PAGE}change/", typed(mailboxes, user="north-only"))
    agent = seated(committed.agent_north, committed.north)
    officer = elevated(seated(committed.officer_north, committed.north), committed.officer_north)
    assert agent.get(PAGE).status_code == 403
    assert "Try the connection" not in text(officer.get(PAGE))
    for browser in (agent, officer):
        for deed in DEEDS:
            assert browser.post(f"{PAGE}{deed}/", typed(mailboxes)).status_code == 403, deed
    assert "north-only" not in text(seated(committed.officer_south, committed.south).get(PAGE))
    assert Client().get(PAGE).status_code == 302


def test_the_ways_there(committed: World) -> None:
    address = reverse("console:mailbox")
    assert address in text(seated(committed.officer_north, committed.north).get(reverse("console:requests")))
    assert address in text(seated(committed.manager_north, committed.north).get(reverse("console:delivery")))
