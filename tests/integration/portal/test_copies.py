"""The caller's copy: by reference and a contact point that has long been on file, or by a link that was sent."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd
from tests.integration.portal.visiting import Rested, inside
from tests.recorded import AGENT_HZ, CALLER_HZ, THIRD_HZ, conversation, leg, loudest, recorded, sides
from tests.surfaces import content, elevated, seated
from tests.world import make_person

from trustdesk.audit import api as audit
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import How, Kind, NewConversation, Opened
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.standard import standard
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates import api as mandates
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import LINK_LIVES
from trustdesk.register import api as register
from trustdesk.register.contracts import RestrictionGround

SOURCE = re.compile(r'<audio [^>]*src="([^"]+)"')
DOWNLOAD = re.compile(r'href="(/my/[^"]+\.wav\?download=yes)"')
SENT = re.compile(r"/my/\d+/copy/[0-9A-Za-z]{13}-[0-9A-Za-z_=\-\r\n]{43,50}/")


def address_in(page: str, form: re.Pattern[str] = SOURCE) -> str:
    found = form.search(page)
    assert found, page
    return found[1]


def called(company: Company, customer_id: int | None) -> str:
    """A recorded call of a customer: its reference."""
    return recorded_thread(company, customer_id).reference


def recorded_thread(company: Company, customer_id: int | None) -> Opened:
    context = company.context()
    new = NewConversation(channel=Kind.CALL, queue="service", language="en")
    opened = conversations.open_conversation(context, new=new, now=clock.now())
    conversation(context, customer_id=customer_id, conversation_id=opened.conversation_id)
    return opened


def ask(company: Company, browser: Client, reference: str) -> tuple[int, str]:
    answer = browser.post(f"/my/{company.id}/recordings/", {"reference": reference})
    return answer.status_code, answer.content.decode()


def test_the_customer_hears_and_downloads_the_own_call(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    reference = called(company, aino.customer_id)
    browser = inside(company)
    status, page = ask(company, browser, f"{reference[:3]} {reference[3:6]} {reference[6:9]} {reference[9:]}")
    assert status == 200
    answer = browser.get(address_in(page))
    assert answer.headers["Cache-Control"] == "no-store"
    left, right = sides(content(answer))
    assert (loudest(left), loudest(right)) == (CALLER_HZ, AGENT_HZ)
    file = browser.get(address_in(page, DOWNLOAD))
    assert file.headers["Content-Disposition"] == 'attachment; filename="call.wav"'
    content(file)
    entries = audit.entries(company.context(), subject=aino.customer_id, limit=50)
    heard = [one.reason for one in entries if one.what == "recording.listen"]
    assert heard == ["copy 0:00-", "copy 0:00-", "copy"]


def test_a_third_voice_is_left_out(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    context = company.context()
    new = NewConversation(channel=Kind.CALL, queue="service", language="en")
    opened = conversations.open_conversation(context, new=new, now=clock.now())
    caller = leg(opened.conversation_id, customer_id=aino.customer_id)
    recorded(context, caller, hertz=CALLER_HZ)
    recorded(context, replace(caller, leg="c", role="third"), hertz=THIRD_HZ, seconds=9)
    browser = inside(company)
    _status, page = ask(company, browser, opened.reference)
    left, _right = sides(content(browser.get(address_in(page))))
    assert len(left) == 3 * 8000
    assert loudest(left) == CALLER_HZ


def test_it_is_never_said_whether_a_reference_exists(company: Company, rested: Rested) -> None:
    company.person()
    other = company.person(email="other@example.com", phone="+358401234568")
    rested(company)
    browser = inside(company)
    nobodys = called(company, None)
    answers = {
        re.sub(r'value="[^"]*"', "", page.split("<main")[1])
        for status, page in (
            ask(company, browser, called(company, other.customer_id)),
            ask(company, browser, nobodys),
            ask(company, browser, "123456789012"),
            ask(company, browser, "nonsense"),
        )
        if status == 422
    }
    assert len(answers) == 1
    assert "nothing for you to hear" in answers.pop()


def test_also_who_tries_anothers_reference_is_stopped(company: Company, rested: Rested) -> None:
    company.person()
    other = company.person(email="other@example.com", phone="+358401234568")
    rested(company)
    browser = inside(company)
    theirs = called(company, other.customer_id)
    statuses = [ask(company, browser, theirs)[0] for _try in range(6)]
    assert statuses == [422] * 5 + [429]


def test_who_guesses_is_stopped(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    reference = called(company, aino.customer_id)
    browser = inside(company)
    for _guess in range(5):
        assert ask(company, browser, "123456789012")[0] == 422
    status, page = ask(company, browser, reference)
    assert status == 429
    assert "<audio" not in page
    assert "Wait a quarter of an hour, or ask us" in page
    assert "find the customer" not in page, "that is what an agent is told"


def test_an_address_that_is_new_lets_nobody_hear(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company, days=29)
    browser = inside(company)
    status, page = ask(company, browser, called(company, aino.customer_id))
    assert status == 422
    assert "less than thirty days" in page


def test_a_listening_is_the_visits_own(company: Company, rested: Rested) -> None:
    aino = company.person()
    company.person(email="other@example.com", phone="+358401234568")
    rested(company)
    browser = inside(company)
    _status, page = ask(company, browser, called(company, aino.customer_id))
    address = address_in(page)
    assert inside(company, "other@example.com").get(address).status_code == 404
    assert Client().get(address).status_code == 302
    browser.post(f"/my/{company.id}/leave/")
    assert browser.get(address).status_code == 302


def send(company: Company, conversation_id: int) -> str:
    recordings.send_copy(company.context(), conversation_id=conversation_id, now=clock.now())
    with Smtpd() as server, mail_server(server.port):
        company.work()
    text = server.taken[-1].content.decode().replace("=\r\n", "").replace("=3D", "=")
    found = SENT.search(text)
    assert found, text
    return found[0]


def test_an_officer_sends_a_link(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    context = company.context()
    conversation_id = conversation(context, customer_id=aino.customer_id)
    link = send(company, conversation_id)
    browser = Client()
    page = browser.get(link)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "<audio" not in page.content.decode()
    page = browser.post(link)
    address = address_in(page.content.decode())
    left, _right = sides(content(browser.get(address)))
    assert loudest(left) == CALLER_HZ
    assert browser.get(link.replace(link[-10:-1], "123456789")).status_code == 404
    assert browser.get(address.replace(link[-10:-1], "123456789")).status_code == 404
    sent = [one for one in audit.entries(context, subject=aino.customer_id) if one.what == "recording.copy-sent"]
    assert len(sent) == 1
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("UPDATE recordings_copy SET expires_at = now() WHERE controller_id = %s", [company.id])
    assert browser.get(link).status_code == 404
    assert browser.get(address).status_code == 404
    assert timedelta(days=7) == LINK_LIVES


def test_a_link_goes_to_who_is_known_and_to_what_has_stood(company: Company, rested: Rested) -> None:
    aino = company.person()
    context = company.context()
    conversation_id = conversation(context, customer_id=aino.customer_id)
    with pytest.raises(ConflictError):
        recordings.send_copy(context, conversation_id=conversation_id, now=clock.now())
    rested(company)
    with pytest.raises(ConflictError):
        recordings.send_copy(context, conversation_id=conversation(context), now=clock.now())
    unprivileged = replace(context, operations=context.operations - {"recording:export"})
    with pytest.raises(RefusedError):
        recordings.send_copy(unprivileged, conversation_id=conversation_id, now=clock.now())


def test_the_letter_is_in_the_language_of_the_call(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    context = company.context()
    told = {}
    for language in ("fi", "de"):
        new = NewConversation(channel=Kind.CALL, queue="service", language=language)
        opened = conversations.open_conversation(context, new=new, now=clock.now())
        conversation(context, customer_id=aino.customer_id, conversation_id=opened.conversation_id)
        recordings.send_copy(context, conversation_id=opened.conversation_id, now=clock.now())
        with Smtpd() as server, mail_server(server.port):
            company.work()
        told[language] = message_from_bytes(server.taken[-1].content, policy=policy.default)["Subject"]
    own = {one: standard(Channel.EMAIL, "recording-copy", one) for one in told}
    name = mandates.controller(company.id).name
    assert told == {one: form.subject.format(company=name) for one, form in own.items() if form is not None}
    assert len(set(told.values())) == 2


def test_a_link_by_sms_where_there_is_no_mail(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company, but=aino.email_id)
    context = company.context()
    conversation_id = conversation(context, customer_id=aino.customer_id)
    message_id = recordings.send_copy(context, conversation_id=conversation_id, now=clock.now())
    assert company.view(message_id).channel == "sms"


def test_another_companys_page_opens_no_link(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    link = send(company, conversation(company.context(), customer_id=aino.customer_id))
    token = link.split("/")[-2]
    assert Client().get(f"/my/{new_id() % 1000 + 900_000}/copy/{token}/").status_code == 404


def test_the_days_for_a_copy_are_those_of_the_rule_it_was_made_under(company: Company, rested: Rested) -> None:
    """A bank in Hungary has 25 days (Hpt 288§); whoever was never recorded is promised no number."""
    aino = company.person()
    rested(company)
    browser = inside(company)
    address = f"/my/{company.id}/recordings/"
    page = browser.get(address).content.decode()
    assert "ask us." in page
    assert "days" not in page.split("<main")[1]
    called(company, aino.customer_id)
    assert "within 30 days" in browser.get(address).content.decode()
    recorded(company.context(), leg(new_id(), customer_id=aino.customer_id, copy_days=25))
    assert "within 25 days" in browser.get(address).content.decode()


def test_who_is_restricted_has_the_own_copy(company: Company, rested: Rested) -> None:
    """GDPR Art. 15(3), 18(2): it is the person's own act, and what the company may not do with it does not count."""
    aino = company.person()
    rested(company)
    thread = recorded_thread(company, aino.customer_id)
    browser = inside(company)
    context = company.context()
    ground = RestrictionGround.ACCURACY_CONTESTED
    register.lock(context, customer_id=aino.customer_id, ground=ground, now=clock.now())
    status, page = ask(company, browser, thread.reference)
    assert status == 200
    left, _right = sides(content(browser.get(address_in(page))))
    assert loudest(left) == CALLER_HZ
    with pytest.raises(RefusedError) as refused:
        recordings.send_copy(context, conversation_id=thread.conversation_id, now=clock.now())
    assert "hand it to the customer" in refused.value.mend


def test_a_link_that_was_sent_before_still_opens_the_own_copy(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    thread, context = recorded_thread(company, aino.customer_id), company.context()
    link = send(company, thread.conversation_id)
    ground = RestrictionGround.ACCURACY_CONTESTED
    register.lock(context, customer_id=aino.customer_id, ground=ground, now=clock.now())
    left, _right = sides(content(Client().get(address_in(Client().post(link).content.decode()))))
    assert loudest(left) == CALLER_HZ


def test_a_contested_address_lets_nobody_hear(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    thread, context = recorded_thread(company, aino.customer_id), company.context()
    browser = inside(company)
    ground = RestrictionGround.ACCURACY_CONTESTED
    for value_id in (aino.email_id, None):
        register.lock(context, customer_id=aino.customer_id, value_id=value_id, ground=ground, now=clock.now())
    assert ask(company, browser, thread.reference)[0] == 422


def test_what_was_sent_to_the_wrong_one_opens_nothing_any_more(company: Company, rested: Rested) -> None:
    aino = company.person()
    rested(company)
    context, thread = company.context(), recorded_thread(company, None)
    conversations.identify(
        context,
        conversation_id=thread.conversation_id,
        customer_id=aino.customer_id,
        how=How.QUESTIONS,
        now=clock.now(),
    )
    browser = inside(company)
    link = send(company, thread.conversation_id)
    sent = address_in(Client().post(link).content.decode())
    status, page = ask(company, browser, thread.reference)
    assert status == 200
    heard = address_in(page)
    conversations.take_back(context, conversation_id=thread.conversation_id, now=clock.now())
    assert Client().get(link).status_code == 404
    assert Client().get(sent).status_code == 404
    assert browser.get(heard).status_code == 404
    assert ask(company, browser, thread.reference)[0] == 422


def test_the_officer_sends_it_by_the_button(company: Company, rested: Rested) -> None:
    """Pressed, not called: the page works for the officer, the link is made for the customer."""
    aino = company.person()
    conversation_id = conversation(company.context(), customer_id=aino.customer_id)
    browser = officer(company)
    address = reverse("console:send-copy", args=[conversation_id])
    page = browser.post(address, follow=True).content.decode()
    assert "No address of this customer has stood unchanged for thirty days." in page
    assert "take the recording out for them" in page
    rested(company)
    assert "On its way." in browser.post(address, follow=True).content.decode()
    with Smtpd() as server, mail_server(server.port):
        company.work()
    assert b"/copy/" in server.taken[-1].content


def officer(company: Company) -> Client:
    """At the company's console, in an elevated session."""
    person, now = make_person(f"officer{new_id()}"), clock.now()
    mandate_id = company.context().mandate_id
    mandates.give_seat(
        controller_id=company.id,
        mandate_id=mandate_id,
        operator_id=person.id,
        role="officer",
        purposes=["compliance"],
        starts_at=now - timedelta(minutes=1),
        ends_at=None,
        by=None,
        now=now,
    )
    sat = replace(person, seats={company.id: mandate_id})
    return elevated(seated(sat, mandates.controller(company.id), "compliance"), sat)
