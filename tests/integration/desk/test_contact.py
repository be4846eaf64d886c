"""May we contact this customer, at the desk: the answer with its reason, and what the customer says put on record."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.clearing import VERSION, declare_similar, declare_under
from tests.surfaces import customer, neighbor, seated, supervisor
from tests.world import World

from trustdesk.audit import api as audit
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ConsentState
from trustdesk.decision.contracts import Channel
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import Relationship

WORDS = "Yes, write to me about your offers."


@pytest.fixture
def aino(committed: World) -> int:
    """A customer of a company that has purposes and, in both its languages, a notice."""
    declare_under(committed.system(committed.north), languages=("fi", "en"))
    return customer(
        supervisor(committed),
        "Aino",
        "Sallittu",
        phone="+358 40 7771234",
        email=f"a{new_id()}@example.com",
    )


@pytest.fixture
def agent(committed: World) -> Client:
    return seated(committed.agent_north, committed.north)


def panel(client: Client, customer_id: int) -> str:
    answer = client.get(reverse("desk:may", args=[customer_id]), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def permitted(world: World, customer_id: int, channel: Channel = Channel.EMAIL) -> bool:
    context = world.context(world.agent_north, world.north)
    return clearance.decide(
        context,
        customer_id=customer_id,
        channel=channel,
        purpose="news",
        now=clock.now(),
    ).permitted


def given(**more: str) -> dict[str, str]:
    return {
        "state": "given",
        "purpose": "news",
        "channel": "email",
        "method": "web_form",
        "by": "person",
        "words": WORDS,
        "notice_version": VERSION,
    } | more


def test_the_card_asks_for_its_panel(agent: Client, aino: int) -> None:
    card = agent.get(reverse("desk:customer", args=[aino])).content.decode()
    assert f'hx-get="{reverse("desk:may", args=[aino])}"' in card


def test_each_answer_says_why_and_by_which_law(agent: Client, aino: int) -> None:
    shown = panel(agent, aino)
    assert "News of our offers" in shown
    assert reverse("desk:why", args=[aino, "post", "news"]) not in shown, "no postal address, so nothing to ask"
    assert "way-bad" in shown
    assert "2002/58" in shown or "GDPR" in shown or "917/2014" in shown
    why = agent.get(reverse("desk:why", args=[aino, "email", "news"]))
    page = why.content.decode()
    assert "You may not." in page
    assert "What was known" in page
    assert "eur-lex" in page or "finlex" in page


def test_what_is_offered_is_said_and_shown(agent: Client, committed: World, aino: int) -> None:
    """Somebody who bought electricity may be told of it, by mail, and of nothing else (SVPL 200 § 3 mom.)."""
    context, now = supervisor(committed), clock.now()
    purpose = declare_similar(committed.system(committed.north))
    obtained = reverse("desk:collection", args=[aino])
    assert agent.post(obtained, {}).status_code == 422, "nothing is said"
    assert agent.post(obtained, {"from_sale": "yes", "at": "2999-01-01T00:00"}).status_code == 422, "it lies ahead"
    assert agent.post(obtained, {"from_sale": "yes", "told": "yes", "refused": "no"}).status_code == 302
    stands = Relationship(customer_since=now.date(), product_groups=("electricity",))
    register.set_relationship(context, customer_id=aino, relationship=stands, now=now)
    register.set_country(context, customer_id=aino, country="FI", now=now)
    address = reverse("desk:why", args=[aino, "email", purpose])
    unsaid = agent.get(address).content.decode()
    assert "It can&#x27;t be decided" in unsaid
    assert '<option value="electricity">' in unsaid
    assert obtained in unsaid
    said = agent.get(address, {"product": "electricity"}).content.decode()
    assert "You may." in said
    assert '<option value="electricity" selected>' in said
    assert "<dt>What is offered</dt><dd>electricity</dd>" in said
    other = agent.get(address, {"product": "mobile_subscription"}).content.decode()
    assert "What is offered is not similar to what was bought." in other
    whole = agent.get(reverse("desk:may", args=[aino]), {"product": "electricity"}).content.decode()
    assert f"{address}?product=electricity" in whole
    assert agent.get(address, {"product": "nothing of ours"}).status_code == 422


def test_a_consent_with_its_proof_opens_the_door_and_a_withdrawal_shuts_it(
    agent: Client,
    committed: World,
    aino: int,
) -> None:
    address = reverse("desk:consent", args=[aino])
    assert not permitted(committed, aino)
    assert agent.post(address, given()).status_code == 302
    assert permitted(committed, aino)
    assert "You may." in panel(agent, aino)
    taken_back = given(state="withdrawn", method="told_operator", words="", notice_version="")
    assert agent.post(address, taken_back).status_code == 302
    assert not permitted(committed, aino)


@pytest.mark.parametrize("missing", ["words", "notice_version"])
def test_what_proves_nothing_is_refused_at_its_field(agent: Client, committed: World, aino: int, missing: str) -> None:
    answer = agent.post(reverse("desk:consent", args=[aino]), given(**{missing: ""}))
    assert answer.status_code == 422
    assert f'id="id_{missing}-wrong"' in answer.content.decode()
    assert not permitted(committed, aino)


def test_a_word_to_the_operator_proves_no_consent(agent: Client, committed: World, aino: int) -> None:
    answer = agent.post(reverse("desk:consent", args=[aino]), given(method="told_operator"))
    assert answer.status_code == 422
    assert "Nothing would prove this consent" in answer.content.decode()
    assert clearance.consents(supervisor(committed), aino) == []


def test_a_paper_is_recorded_by_its_digest_and_not_kept(agent: Client, committed: World, aino: int) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    scan = SimpleUploadedFile("aino.pdf", b"signed by hand")
    paper = given(method="paper_scan", reference="Binder 4, page 12") | {"document": scan}
    assert agent.post(reverse("desk:consent", args=[aino]), paper).status_code == 302
    event = clearance.consents(supervisor(committed), aino)[0]
    assert event.state is ConsentState.GIVEN
    assert len(event.evidence.document_sha256) == 32
    assert event.evidence.reference == "Binder 4, page 12"


def test_an_objection_counts_when_the_page_answers_and_only_words_lift_it(
    agent: Client,
    committed: World,
    aino: int,
) -> None:
    agent.post(reverse("desk:consent", args=[aino]), given())
    objected = agent.post(reverse("desk:object", args=[aino]), {"about": "all-marketing", "channel": ""})
    assert objected.status_code == 302
    assert not permitted(committed, aino)
    act = clearance.objections(supervisor(committed), aino)[0]
    lift = reverse("desk:lift-objection", args=[aino])
    assert agent.post(lift, {"objection": to_public(act.objection_id), "words": ""}).status_code == 422
    assert agent.post(lift, {"objection": to_public(new_id()), "words": "Yes again"}).status_code == 404
    assert not permitted(committed, aino)
    lifted = agent.post(lift, {"objection": to_public(act.objection_id), "words": "Do write to me again."})
    assert lifted.status_code == 302
    assert permitted(committed, aino)


def test_the_history_shows_no_words_until_they_are_asked_for(agent: Client, committed: World, aino: int) -> None:
    agent.post(reverse("desk:consent", args=[aino]), given())
    address = reverse("desk:consents", args=[aino])
    assert WORDS not in agent.get(address).content.decode()

    def openings() -> int:
        entries = audit.entries(committed.context(committed.officer_north, committed.north), subject=aino, limit=50)
        return sum(entry.what == "clearance.words" for entry in entries)

    before = openings()
    assert WORDS in agent.get(address, {"words": "open"}).content.decode()
    assert openings() == before + 1


def test_who_may_not_record_sees_the_closed_door(committed: World, aino: int) -> None:
    client = seated(committed.client_north, committed.north)
    shown = panel(client, aino)
    assert "Your role under this mandate does not include this." in shown
    for closed in ("desk:consent", "desk:collection"):
        assert client.get(reverse(closed, args=[aino])).status_code == 403
    assert client.post(reverse("desk:object", args=[aino]), {"about": "everything"}).status_code == 403


@pytest.mark.parametrize("name", ["desk:may", "desk:consents", "desk:consent", "desk:collection"])
def test_next_door_there_is_no_such_customer(committed: World, aino: int, name: str) -> None:
    client = seated(neighbor(committed), committed.south)
    assert client.get(reverse(name, args=[aino])).status_code == 404
    assert client.post(reverse("desk:object", args=[aino]), {"about": "everything", "channel": ""}).status_code == 404


def test_a_channel_there_is_not_is_no_page(agent: Client, aino: int) -> None:
    assert agent.get(reverse("desk:why", args=[aino, "pigeon", "news"])).status_code == 404
    assert agent.get(reverse("desk:why", args=[aino, "email", "nothing"])).status_code == 404


def test_the_consents_of_one_customer_go_into_a_file(agent: Client, aino: int) -> None:
    agent.post(reverse("desk:consent", args=[aino]), given())
    answer = agent.get(reverse("desk:consent-records", args=[aino]))
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert to_public(aino) in answer.headers["Content-Disposition"]
    records = answer.json()
    assert records[0]["dpv:hasConsentStatus"][0]["td:words"] == WORDS
    assert records[0]["dpv:hasProcess"]["dpv:hasPurpose"]["dct:identifier"] == "news"
