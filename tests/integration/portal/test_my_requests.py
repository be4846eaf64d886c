"""Rights asked for on the own page: taken in, followed, confirmed, taken back; nobody else's seen or touched."""

import pytest
from django.test import Client
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company
from tests.integration.portal.visiting import Rested, inside

from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.portal.my_requests import _letters
from trustdesk.register.contracts import RestrictionGround
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Kind, NewRequest, ProofKind, RequestView, State
from trustdesk.rights.services.letters import Letter


def made(company: Company, customer_id: int) -> list[RequestView]:
    return list(rights.of_customer(company.context(), customer_id=customer_id, now=clock.now()))


def post(company: Company, browser: Client, kind: Kind, **given: str) -> str:
    """The address of what was made."""
    answer = browser.post(f"/my/{company.id}/requests/for/{kind.value}/make/", given)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def named(company: Company, customer_id: int, kind: Kind = Kind.ERASURE) -> int:
    """A request that somebody else may have made in this customer's name."""
    new = NewRequest(
        kind=kind, channel=Channel.MAIL, received_at=clock.now(), language="en", words="x", customer_id=customer_id
    )
    return rights.receive(company.context(), new=new, now=clock.now()).request_id


@pytest.mark.parametrize("kind", list(Kind))
def test_every_right_is_explained_and_can_be_asked_for(company: Company, rested: Rested, kind: Kind) -> None:
    person = company.person()
    rested(company)
    browser = inside(company)
    page = browser.get(f"/my/{company.id}/requests/for/{kind.value}/").content.decode()
    assert "within a month" in page
    wish = {Kind.RESTRICTION: {"ground": "c"}, Kind.WITHDRAWAL: {"purpose": "news"}}.get(kind, {})
    where = post(company, browser, kind, words="Please.", **wish)
    (view,) = made(company, person.customer_id)
    assert (view.kind, view.state, view.channel, view.language) == (kind, State.IDENTIFIED, Channel.PORTAL, "en")
    assert view.proved is not None
    assert view.proved.kind is ProofKind.PORTAL
    shown = browser.get(where).content.decode()
    assert rights.LAW[kind] or view.reference in shown
    assert view.reference in shown.replace(" ", "")
    assert "It is known that it is you" in shown


def test_what_exactly_is_wanted_goes_with_it_and_stays_where_it_is_missing(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    browser = inside(company)
    address = f"/my/{company.id}/requests/for/restriction/make/"
    answer = browser.post(address, {"words": "I need them in court."})
    assert answer.status_code == 422
    assert "I need them in court." in answer.content.decode()
    assert not made(company, person.customer_id)
    post(company, browser, Kind.RESTRICTION, ground="c", words="I need them in court.")
    (view,) = made(company, person.customer_id)
    told = rights.whole(company.context(), request_id=view.request_id, now=clock.now()).told
    assert told.wish.ground is RestrictionGround.NEEDED_FOR_CLAIMS
    assert told.words == "I need them in court."
    assert browser.get(f"/my/{company.id}/requests/for/forgive/").status_code == 404


def test_by_a_new_address_it_is_taken_in_and_waits_for_proof(company: Company) -> None:
    person = company.person()
    browser = inside(company)
    shown = browser.get(post(company, browser, Kind.ACCESS)).content.decode()
    (view,) = made(company, person.customer_id)
    assert view.state is State.IDENTIFYING
    assert "We wait until you show us that it is you" in shown
    assert 'aria-disabled="true"' in shown
    where = f"/my/{company.id}/requests/{to_public(view.request_id)}/mine/"
    answer = browser.post(where, follow=True)
    assert answer.status_code == 200
    assert "proves nothing" in answer.content.decode()
    assert made(company, person.customer_id)[0].proved is None


def test_what_names_the_customer_is_confirmed_or_taken_back(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    browser = inside(company)
    mine, strange = named(company, person.customer_id, Kind.ACCESS), named(company, person.customer_id)
    page = browser.get(f"/my/{company.id}/requests/").content.decode()
    assert page.count("Was it you?") == 2
    at = f"/my/{company.id}/requests/{to_public(mine)}/"
    assert "Somebody made this request in your name" in browser.get(at).content.decode()
    assert browser.post(at + "mine/").status_code == 302
    assert browser.post(f"/my/{company.id}/requests/{to_public(strange)}/withdraw/").status_code == 302
    states = {view.request_id: view.state for view in made(company, person.customer_id)}
    assert states == {mine: State.IDENTIFIED, strange: State.WITHDRAWN}


def test_a_neighbors_and_a_strangers_requests_are_not_there(company: Company, rested: Rested) -> None:
    company.person()
    other = company.person("bertta@example.com", "+358409999999")
    next_door = posting.company()
    there = next_door.person()
    rested(company)
    browser = inside(company)
    theirs, far = named(company, other.customer_id), named(next_door, there.customer_id)
    for request_id in (theirs, far):
        at = f"/my/{company.id}/requests/{to_public(request_id)}/"
        assert browser.get(at).status_code == 404
        assert browser.post(at + "mine/").status_code == 404
        assert browser.post(at + "withdraw/").status_code == 404
    assert "erasure" not in browser.get(f"/my/{company.id}/requests/").content.decode().partition("What you can")[0]
    at = f"/my/{company.id}/requests/{to_public(theirs)}/"
    for address in (at, at + "mine/", at + "withdraw/", f"/my/{company.id}/requests/for/access/make/"):
        answer = Client().post(address) if address != at else Client().get(address)
        assert answer.headers["Location"] == f"/my/{company.id}/"
    assert made(company, other.customer_id)[0].state is State.RECEIVED
    assert made(next_door, there.customer_id)[0].state is State.RECEIVED


def test_what_was_written_about_it_stands_there_and_nothing_that_others_got(company: Company, rested: Rested) -> None:
    person, other = company.person(), company.person("bertta@example.com", "+358409999999")
    rested(company)
    request_id = named(company, other.customer_id)
    rights.ask_identity(company.context(), request_id=request_id, now=clock.now())
    assert [each.code for each in rights.written(company.context(), request_id=request_id)] == [
        "request-received",
        "request-identity",
    ]
    rights.suppose(company.context(), request_id=request_id, customer_id=person.customer_id, now=clock.now())
    assert [each.code for each in rights.written(company.context(), request_id=request_id)] == ["request-received"]
    page = inside(company).get(f"/my/{company.id}/requests/{to_public(request_id)}/").content.decode()
    letters = page.partition("What we wrote to you")[2]
    assert "That we have your request" in letters
    assert "The question who you are" not in letters


def test_a_code_is_a_letter_too_and_every_letter_has_words(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    request_id = named(company, person.customer_id)
    rights.send_code(company.context(), request_id=request_id, value_id=person.email_id, now=clock.now())
    written = rights.written(company.context(), request_id=request_id)
    assert [each.code for each in written] == ["request-received", "request-code"]
    page = inside(company).get(f"/my/{company.id}/requests/{to_public(request_id)}/").content.decode()
    assert "A code that shows that it is you" in page
    assert _letters().keys() == set(Letter) - {Letter.ALERT}
