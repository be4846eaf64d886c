"""The pages of feeds by role: declared by who manages, seen by who sees changes, decided after the brake."""

import re
import secrets
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import elevated, seated, source, supervisor
from tests.world import World

from trustdesk.feeds import api as feeds
from trustdesk.feeds.contracts import DeliveryState, Transport
from trustdesk.feeds.services import driving
from trustdesk.feeds.services.rows import feed_of
from trustdesk.feeds.services.secrets import secret_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ids import from_public, new_id, to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewValue, Notice, NoticeKind, SourceKind

READING = """kind = "move"

[columns]
no = "position"
since = "as_of"
family = "person:family_name"
town = "becomes:address/town"
"""
HEAD = "no,since,family,town\n"


def manager(committed: World) -> Client:
    return elevated(seated(committed.manager_north, committed.north), committed.manager_north)


def typed(**change: object) -> dict[str, object]:
    given: dict[str, object] = {
        "name": f"Feed {new_id()}",
        "source": "new",
        "legal_basis": "eu-gdpr:A6-1-c",
        "country": "fi",
        "format": "csv",
        "reading": READING,
        "kinds": ["move", "death"],
        "outranked_days": "90",
        "every_minutes": "5",
        "deaths": "2",
        "one_address": "1",
        "register": "100",
        "future": "10",
        "least": "3",
    }
    return given | change


def declared(browser: Client, transport: Transport = Transport.UPLOAD, **change: object) -> str:
    made = browser.post(reverse("console:new-feed", args=[transport.value]), typed(**change))
    assert made.status_code == 302, made.content.decode()
    return made.headers["Location"]


def number(address: str) -> int:
    return from_public(address.rstrip("/").split("/")[-1])


def given(browser: Client, one: str, text: str, tmp_path: object) -> str:
    path = tmp_path / f"{new_id()}.csv"  # type: ignore[operator]
    path.write_text(text)
    with path.open("rb") as file:
        taken = browser.post(f"{one}file/", {"file": file})
    assert taken.status_code == 302, taken.content.decode()
    return taken.headers["Location"]


def work(committed: World, one: str) -> None:
    driving.run(committed.north.id, number(one), until=clock.now().replace(year=2100))


def test_declared_given_a_file_stopped_and_let_go_on(committed: World, tmp_path: object) -> None:
    browser = manager(committed)
    one = declared(browser)
    listed = browser.get(reverse("console:feeds")).content.decode()
    assert "By hand" in listed
    houses = "".join(f"{at},2026-11-20,Zaubzerinen{at},Oulu\n" for at in range(6))
    delivery = given(browser, one, HEAD + houses + "7,soon,Zaubzerinen,Turku\n", tmp_path)
    assert "waits" in browser.get(delivery).content.decode()
    work(committed, one)
    shown = browser.get(delivery).content.decode()
    assert "6 of 6 records of a day move to one and the same address" in shown
    assert "It is right: apply it" in shown
    assert "The brake has stopped a delivery" in browser.get(reverse("console:feeds")).content.decode()
    assert "Zaubzerinen" not in shown
    officer = seated(committed.officer_north, committed.north)
    seen = officer.get(delivery)
    assert seen.status_code == 200
    assert officer.post(f"{delivery}go-on/").status_code == 403
    unproved = seated(committed.manager_north, committed.north)
    assert unproved.post(f"{delivery}go-on/").status_code == 403
    assert browser.post(f"{delivery}go-on/").status_code == 302
    work(committed, one)
    done = browser.get(delivery).content.decode()
    assert "of nobody here" in done
    assert "The date can&#x27;t be read." in done
    assert feeds.delivery(committed.context(committed.manager_north, committed.north), number(delivery)).state is (
        DeliveryState.DONE
    )
    tried = browser.post(f"{delivery}preview/", {"reading": READING.replace('"as_of"', '"key"')})
    assert tried.status_code == 422
    tried = browser.post(f"{delivery}preview/", {"reading": READING})
    assert "family_name" in tried.content.decode()
    assert "Zaubzerinen" not in tried.content.decode()
    assert browser.post(f"{delivery}retry/").status_code == 302
    assert browser.post(f"{delivery}nonsense/").status_code == 404
    assert browser.get(one, headers={"HX-Request": "true"}).content.decode().startswith("<div")
    assert "paused" in browser.post(f"{one}pause/", follow=True).content.decode()
    assert browser.post(f"{one}resume/").status_code == 302
    assert browser.post(f"{one}remove/", follow=True).status_code == 200
    assert browser.get(delivery).status_code == 404


def test_a_secret_is_shown_once_and_a_password_never(committed: World) -> None:
    browser = manager(committed)
    one = declared(browser, Transport.WEBHOOK)
    assert "hooks/feeds/" in browser.get(one).content.decode()
    made = browser.post(f"{one}secret/").content.decode()
    assert "whsec_" in made
    assert "whsec_" not in browser.get(one).content.decode()
    setup = {"address": "https://changes.example", "sign_in": "bearer", "secret": "hunter2hunter2"}
    question = 'path = "/changes?after={cursor}"\nrecords = "/c"\nnext_cursor = "/n"\n'
    pulled = declared(browser, Transport.HTTP, **setup, declaration=question, format="jsonl")
    change = browser.get(f"{pulled}change/").content.decode()
    assert "hunter2hunter2" not in change + browser.get(pulled).content.decode()
    moved = browser.post(
        f"{pulled}change/",
        typed(**{**setup, "address": "https://other.example", "secret": ""}, declaration=question),
    )
    assert moved.status_code == 422
    assert "its secret has to be given anew" in moved.content.decode()
    for address in (one, pulled):
        browser.post(f"{address}remove/")


@pytest.mark.parametrize(
    ("transport", "change", "said"),
    [
        (Transport.UPLOAD, {"reading": "no toml"}, "Line 1"),
        (Transport.UPLOAD, {"reading": READING.replace("move", "moves")}, "kind"),
        (Transport.FOLDER, {"folder": "../x", "pattern": "*"}, "This part of the setup does not fit."),
        (Transport.UPLOAD, {"legal_basis": ""}, "A source needs this."),
        (Transport.UPLOAD, {"country": "Q"}, "country"),
    ],
)
def test_what_does_not_fit_is_said(
    committed: World, transport: Transport, change: dict[str, object], said: str
) -> None:
    answer = manager(committed).post(reverse("console:new-feed", args=[transport.value]), typed(**change))
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize("transport", list(Transport))
def test_each_way_in_has_its_form(committed: World, transport: Transport) -> None:
    assert manager(committed).get(reverse("console:new-feed", args=[transport.value])).status_code == 200


def test_a_key_keeps_its_lines_and_no_basis_is_chosen_for_anybody(committed: World) -> None:
    browser = manager(committed)
    page = browser.get(reverse("console:new-feed", args=["sftp"])).content.decode()
    assert '<textarea name="secret"' in page  # a line of its own loses a key's line breaks
    assert '<option value="" selected>Choose</option>' in page
    host = {"host": "files.example", "port": "22", "user": "post", "folder": "out", "pattern": "*.csv"}
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\r\nline-one\r\nline-two\r\n-----END OPENSSH PRIVATE KEY-----"
    refused = browser.post(
        reverse("console:new-feed", args=["sftp"]), typed(**host, host_key="MD5:no", secret=key, legal_basis="")
    )
    assert refused.status_code == 422
    assert "line-one" not in refused.content.decode()
    one = declared(browser, Transport.SFTP, **host, host_key=f"SHA256:{'a' * 43}", secret=key)
    assert "post@files.example:22 out/*.csv" in browser.get(one).content.decode()
    context = committed.system(committed.north, "administration")
    with scoped(context.scope):
        assert secret_of(feed_of(context, number(one))).splitlines() == key.splitlines()
    browser.post(f"{one}remove/")


OLD, NEW = "Vanhatie 1, 90100 Oulu", "Uusitie 2, 90100 Oulu"
MOVED = """kind = "move"

[columns]
since = "as_of"
family = "person:family_name"
given = "person:given_name"
born = "person:birth_date"
old = "person:address"
new = "becomes:address"
"""


def moved(committed: World, browser: Client, tmp_path: object) -> tuple[str, str, int]:
    """A feed and its delivery, by which somebody new in the register has moved; nobody else there is like them."""
    family = "".join(secrets.choice("aeioukstrlmnpv") for _each in range(12)).capitalize()
    boss = supervisor(committed)
    born = f"{1940 + secrets.randbelow(60)}-{1 + secrets.randbelow(12):02d}-{1 + secrets.randbelow(28):02d}"
    facts = {"given_name": "Hilja", "family_name": family, "birth_date": born}
    values = [NewValue(name, text) for name, text in facts.items()]
    values.append(NewValue("address", OLD))
    since = clock.now() - timedelta(days=100)
    who = register.create_customer(
        boss,
        kind=CustomerKind.PERSON,
        values=values,
        source_id=source(boss, "Old system", SourceKind.IMPORT),
        notice=Notice(NoticeKind.ART14, "2026-01", since),
        now=since,
    )
    one = declared(browser, reading=MOVED)
    text = f'since,family,given,born,old,new\n2026-11-20,{family},Hilja,{born},"{OLD}","{NEW}"\n'
    delivery = given(browser, one, text, tmp_path)
    work(committed, one)
    return one, delivery, who


def addresses(committed: World, customer_id: int) -> set[str]:
    context = committed.context(committed.supervisor_north, committed.north)
    (held,) = register.known_as(context, [customer_id]).values()
    return {value.text for value in held.values if value.attribute == "address"}


@pytest.mark.parametrize("whole", [False, True], ids=["delivery", "feed"])
def test_what_a_feed_changed_is_taken_back(committed: World, tmp_path: object, *, whole: bool) -> None:
    browser = manager(committed)
    one, delivery, who = moved(committed, browser, tmp_path)
    assert addresses(committed, who) == {NEW}
    assert "Take back what it changed" not in browser.get(delivery).content.decode()
    assert browser.post(f"{delivery}take-back/", {"reason": "a test"}).status_code == 403
    boss, address = seated(committed.supervisor_north, committed.north), one if whole else delivery
    assert "Take back what it changed" in boss.get(address).content.decode()
    assert boss.post(f"{address}take-back/", {"reason": ""}).status_code == 422
    assert addresses(committed, who) == {NEW}
    done = boss.post(f"{address}take-back/", {"reason": "a test"}, follow=True).content.decode()
    assert "1 change is taken back" in done
    assert addresses(committed, who) == {OLD}
    again = boss.post(f"{address}take-back/", {"reason": "a test"}, follow=True).content.decode()
    assert "Nothing of it was left to take back." in again
    browser.post(f"{one}remove/")


def test_who_has_nothing_to_do_with_changes_sees_no_feed(committed: World) -> None:
    browser = seated(committed.agent_north, committed.north)
    for address in (reverse("console:feeds"), f"{reverse('console:feeds')}{to_public(4711)}/"):
        assert browser.get(address).status_code == 403


def test_change_by_change_on_what_evidence_and_back(committed: World, tmp_path: object) -> None:
    browser = manager(committed)
    one, delivery, who = moved(committed, browser, tmp_path)
    boss = seated(committed.supervisor_north, committed.north)
    listed = boss.get(f"{delivery}changes/").content.decode()
    change = re.findall(r'href="(/console/updates/changes/[0-9A-Z]+/)"', listed)
    assert len(change) == 1
    assert to_public(who)[:3] in listed
    of_customer = boss.get(reverse("console:customer-changes", args=[who])).content.decode()
    assert change[0] in of_customer
    assert (
        reverse("console:customer-changes", args=[who])
        in boss.get(reverse("desk:history", args=[who])).content.decode()
    )
    shown = boss.get(change[0]).content.decode()
    assert "Took the place of the old value" in shown
    assert "Birth date" in shown
    assert "Hilja" not in shown + listed
    assert boss.post(f"{change[0]}take-back/", {"reason": ""}).status_code == 422
    done = boss.post(f"{change[0]}take-back/", {"reason": "somebody else's", "wrong": "on"}, follow=True)
    assert "1 change is taken back" in done.content.decode()
    assert "It was taken back" in done.content.decode()
    assert addresses(committed, who) == {OLD}
    assert boss.get(f"{delivery}changes/?before=nonsense").status_code == 422
    browser.post(f"{one}remove/")


def test_changes_are_seen_by_who_sees_updates_and_taken_back_by_who_may(committed: World, tmp_path: object) -> None:
    browser = manager(committed)
    one, delivery, who = moved(committed, browser, tmp_path)
    listed = seated(committed.supervisor_north, committed.north).get(f"{delivery}changes/").content.decode()
    (change,) = re.findall(r'href="(/console/updates/changes/[0-9A-Z]+/)"', listed)
    agent = seated(committed.agent_north, committed.north)
    for address in (change, f"{delivery}changes/", reverse("console:customer-changes", args=[who])):
        assert agent.get(address).status_code == 403
        assert seated(committed.officer_south, committed.south).get(address).status_code in {403, 404}
    assert "What feeds changed" not in agent.get(reverse("desk:history", args=[who])).content.decode()
    assert agent.post(f"{change}take-back/", {"reason": "a test"}).status_code == 403
    assert addresses(committed, who) == {NEW}
    browser.post(f"{one}remove/")
