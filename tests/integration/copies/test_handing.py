"""Who gets a copy: the person who has proved it, or an officer; until its days are over, and each time in the log."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from tests.integration.copies.copying import made, office, opened, ordered, person, unpacked
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd
from tests.integration.portal.visiting import inside
from tests.surfaces import content

from trustdesk.audit import api as audit
from trustdesk.audit.contracts import EntryView
from trustdesk.copies import api as copies
from trustdesk.copies import places, tasks
from trustdesk.copies.contracts import CopyView, Kind, State
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock, registries
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.kernel.registries import Planned
from trustdesk.mandates import api as mandates

Rested = Callable[..., None]
LINK = re.compile(r"/my/\d+/data-copies/[0-9A-Za-z]{13}-[0-9A-Za-z_\-]{43}/")
GONE = 404


def letter(company: Company) -> str:
    """The link in the newest mail."""
    with Smtpd() as server, mail_server(server.port):
        company.work()
    text = server.taken[-1].content.decode().replace("=\r\n", "").replace("=3D", "=")
    found = LINK.search(text)
    assert found, text
    return found[0]


def fetched(company: Company, browser: Client, view: CopyView) -> tuple[int, bytes]:
    answer = browser.post(f"/my/{company.id}/data-copies/{to_public(view.copy_id)}/file/")
    return answer.status_code, content(answer) if answer.status_code == 200 else answer.content


def said(company: Company, customer_id: int, what: str) -> list[EntryView]:
    return [one for one in audit.entries(company.context(), subject=customer_id, limit=200) if one.what == what]


def test_the_letter_leads_to_a_page_that_hands_nothing_out(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    view = made(company, aino.customer_id, send=True)
    assert view.sent_at is not None
    link = letter(company)
    stranger = Client()
    page = stranger.get(link)
    assert page.status_code == 200
    assert "Aino" not in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    status, _answer = fetched(company, stranger, view)
    assert status == 302  # to the start: nobody is in
    browser = inside(company)
    assert browser.get(link).status_code == 302
    listed = browser.get(f"/my/{company.id}/data-copies/").content.decode()
    assert "Download" in listed
    status, data = fetched(company, browser, view)
    assert status == 200
    assert "Aino Mäkelä" in unpacked(data).everything()
    after = copies.copy(office(company), view.copy_id)
    assert after.downloads == 1
    assert after.downloaded_at is not None
    (deed,) = said(company, aino.customer_id, "copy.downloaded")
    assert deed.detail == {"copy": view.copy_id, "by": "person"}
    assert len(said(company, aino.customer_id, "copy.download")) == 1


def test_a_contact_point_of_yesterday_fetches_nothing(company: Company) -> None:
    aino = company.person()
    view = made(company, aino.customer_id)
    status, page = fetched(company, inside(company), view)
    assert status == 403
    assert b"thirty days" in page
    assert copies.copy(office(company), view.copy_id).downloads == 0
    with pytest.raises(ConflictError):
        copies.send(office(company), copy_id=view.copy_id, now=clock.now())
    unsent = made(company, person(company, name="Without Address"), send=True)
    assert (unsent.state, unsent.reason) == (State.READY, "not-sent")


def test_another_customer_a_guess_and_an_older_link_open_nothing(company: Company, rested: Rested) -> None:
    aino = company.person()
    company.person(email="other@example.com", phone="+358401234568")
    rested(company)
    view = made(company, aino.customer_id, send=True)
    first = letter(company)
    status, _page = fetched(company, inside(company, "other@example.com"), view)
    assert status == GONE
    guessed = first[:-5] + "AAAA/"
    assert Client().get(guessed).status_code == GONE
    assert Client().get(f"/my/{company.id}/data-copies/nonsense/").status_code == GONE
    copies.send(office(company), copy_id=view.copy_id, now=clock.now())
    second = letter(company)
    assert Client().get(first).status_code == GONE
    assert Client().get(second).status_code == 200
    assert Client().get(second).status_code == 200  # followed by a mail program it is still there for the person


def test_when_its_days_are_over_key_and_file_are_gone(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    view = made(company, aino.customer_id, send=True)
    link, browser = letter(company), inside(company)
    over = view.expires_at
    assert over is not None
    with pytest.raises(NotFoundError):
        copies.download(office(company), copy_id=view.copy_id, now=over)
    with pytest.raises(NotFoundError):
        copies.by_link(company.id, token=link.rstrip("/").rsplit("/", 1)[1], now=over)
    assert copies.destroy_expired(office(company), now=over - timedelta(seconds=1)) == 0
    (path,) = places.files_of(company.id)
    assert copies.destroy_expired(office(company), now=over) == 1
    assert not path.exists()
    assert Client().get(link).status_code == GONE
    assert fetched(company, browser, view)[0] == GONE
    assert copies.copy(office(company), view.copy_id).state is State.DESTROYED
    (left,) = company.ask(
        "SELECT count(*) FROM vault_file_key WHERE wrapped IS NOT NULL AND controller_id = %s", company.id
    )
    assert left[0] == 0


def test_an_erasure_destroys_the_copies_also_one_that_is_being_made(company: Company) -> None:
    aino = company.person().customer_id
    made(company, aino)
    waiting = ordered(company, aino, Kind.PORTABILITY)
    declaration = registries.privacy.get("copies")
    assert declaration.erase is not None
    assert declaration.plan is not None
    assert declaration.plan(office(company), [(aino,)]) == [[Planned("copies", 2)]]
    assert declaration.erase(office(company), [(aino,)]) == [2]
    assert places.files_of(company.id) == []
    assert tasks.make(controller_id=company.id, copy_id=waiting.copy_id) == "nothing to make"
    assert declaration.export is not None
    assert list(declaration.export(office(company), aino)) == []


def test_an_officer_of_a_mandate_that_does_not_cover_everything_hands_nothing_over(company: Company) -> None:
    aino = person(company, name="Aino Mäkelä")
    view = made(company, aino)
    processor = mandates.create_processor(name=f"House {new_id()}", country="PL", by=None, now=clock.now())
    mandate = mandates.create_mandate(
        controller_id=company.id,
        processor_id=processor,
        purposes=["compliance"],
        categories=["pd:Name"],
        operations=["copy:make", "customer:open"],
        starts_at=clock.now() - timedelta(hours=1),
        ends_at=None,
        by=None,
        now=clock.now(),
    )
    context = mandates.system_context(
        company.id, purpose="compliance", now=clock.now(), on_behalf_of=7, mandate_id=mandate.id
    )
    with pytest.raises(RefusedError):
        copies.download(context, copy_id=view.copy_id, now=clock.now())
    again = copies.make(context, customer_id=aino, kind=Kind.ACCESS, now=clock.now())
    assert tasks.make(controller_id=company.id, copy_id=again.copy_id) == "ready"
    assert "Aino Mäkelä" in opened(company, again.copy_id).everything()


def test_nobody_without_the_operation_and_no_neighbor(company: Company) -> None:
    aino = person(company, name="Aino Mäkelä")
    view = made(company, aino)
    agent = replace(office(company), operations=frozenset({"customer:open", "customer:search"}))
    for act in (
        lambda: copies.make(agent, customer_id=aino, kind=Kind.ACCESS, now=clock.now()),
        lambda: copies.download(agent, copy_id=view.copy_id, now=clock.now()),
        lambda: copies.send(agent, copy_id=view.copy_id, now=clock.now()),
        lambda: copies.destroy(agent, copy_id=view.copy_id, now=clock.now()),
        lambda: copies.newest(agent),
    ):
        with pytest.raises(RefusedError):
            act()
    neighbor = office(posting.company())
    for act in (
        lambda: copies.copy(neighbor, view.copy_id),
        lambda: copies.download(neighbor, copy_id=view.copy_id, now=clock.now()),
        lambda: copies.make(neighbor, customer_id=aino, kind=Kind.ACCESS, now=clock.now()),
    ):
        with pytest.raises(NotFoundError):
            act()
    with scoped(neighbor.scope):
        assert copies.newest(neighbor) == []
