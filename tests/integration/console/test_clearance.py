"""Consent and contact in the console: declared by who may and elevated, refused with its place, shown to readers."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.clearing import ASSESSMENT, TEXT
from tests.surfaces import elevated, seated
from tests.world import World

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ELEMENTS
from trustdesk.decision.contracts import Channel
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id

PAGES = ("clearance", "purposes", "notices", "recipients", "outside-lists", "suppression", "policy")


@pytest.fixture
def officer(committed: World) -> Client:
    return elevated(seated(committed.officer_north, committed.north), committed.officer_north)


@pytest.fixture
def context(committed: World) -> AccessContext:
    return committed.context(committed.officer_north, committed.north)


def purpose(**more: str) -> dict[str, str]:
    return {
        "code": f"news-{new_id()}",
        "label": "News of our offers",
        "kind": "marketing",
        "legal_basis": "eu-gdpr:A6-1-f",
        "term": "dpv:DirectMarketing",
    } | more


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["officer_north", "manager_north", "client_north", "agent_north"])
def test_whoever_may_read_sees_the_page(committed: World, name: str, who: str) -> None:
    page = seated(committed.people[who], committed.north).get(reverse(f"console:{name}"))
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["purposes", "notices", "recipients", "outside-lists", "policy"])
def test_a_change_needs_the_role_and_an_elevated_session(committed: World, name: str) -> None:
    address = reverse(f"console:{name}")
    agent = elevated(seated(committed.agent_north, committed.north), committed.agent_north)
    assert agent.post(address, purpose()).status_code == 403
    assert seated(committed.officer_north, committed.north).post(address, purpose()).status_code == 403


def test_a_purpose_on_legitimate_interests_waits_for_its_assessment(officer: Client, context: AccessContext) -> None:
    typed = purpose()
    made = officer.post(reverse("console:purposes"), typed)
    assert made.status_code == 302
    page = made.headers["Location"]
    assert "not assessed: nothing is permitted" in officer.get(page).content.decode()
    assert "not assessed" in officer.get(reverse("console:clearance")).content.decode()
    wrong = officer.post(page, {"pursued": "Selling"})
    assert wrong.status_code == 422
    said = {name: str(getattr(ASSESSMENT, name)) for name in ("pursued", "necessity", "balancing", "safeguards")}
    assert officer.post(page, said | {"assessed_by": "Officer"}).status_code == 302
    held = clearance.purpose(context, typed["code"])
    assert held.assessed(clock.now())
    assert officer.post(f"{page}retire/").status_code == 302
    assert clearance.purpose(context, typed["code"]).retired_at is not None


def test_a_purpose_has_a_name_in_each_of_the_companys_languages(officer: Client, context: AccessContext) -> None:
    typed = purpose(label_fi="Uutiskirje asiakkaille")
    made = officer.post(reverse("console:purposes"), typed)
    assert clearance.purpose(context, typed["code"]).other_labels == {"fi": "Uutiskirje asiakkaille"}
    assert "Uutiskirje asiakkaille" in officer.get(made.headers["Location"]).content.decode()
    finnish = officer.get(reverse("console:purposes"), headers={"Accept-Language": "fi"})
    assert ">Uutiskirje asiakkaille</a>" in finnish.content.decode()


@pytest.mark.parametrize("field", ["code", "label"])
def test_a_purpose_that_says_nothing_is_refused_at_its_field(officer: Client, field: str) -> None:
    answer = officer.post(reverse("console:purposes"), purpose(**{field: ""}))
    assert answer.status_code == 422
    assert f'id="id_{field}-wrong"' in answer.content.decode()


def test_a_notice_is_whole_in_every_language_or_not_published(officer: Client, context: AccessContext) -> None:
    version = f"v{new_id()}"
    said = {f"{language}.{name}": str(getattr(TEXT, name)) for language in ("fi", "en") for name in ELEMENTS}
    given = {"kind": "consent", "version": version} | said
    address = reverse("console:notices")
    missing = officer.post(address, given | {"fi.rights": " "})
    assert missing.status_code == 422
    assert 'id="id_fi.rights-wrong"' in missing.content.decode()
    assert officer.post(address, given).status_code == 302
    again = officer.post(address, given)
    assert again.status_code == 422
    assert "published already" in again.content.decode()
    held = [notice for notice in clearance.notices(context) if notice.version == version]
    assert {notice.language for notice in held} == {"fi", "en"}
    shown = officer.get(reverse("console:notice", args=[held[0].notice_id])).content.decode()
    assert TEXT.rights in shown


def test_a_recipient_in_a_third_country_gets_nothing_without_a_safeguard(
    officer: Client,
    context: AccessContext,
) -> None:
    typed = purpose(legal_basis="eu-gdpr:A6-1-b", kind="contract", term="dpv:ServiceProvision")
    officer.post(reverse("console:purposes"), typed)
    given = {
        "name": f"Printers {new_id()}",
        "role": "processor",
        "country": "us",
        "safeguard": "",
        "purposes": typed["code"],
        "categories": "dpv:PersonalData",
    }
    assert officer.post(reverse("console:recipients"), given).status_code == 302
    held = next(each for each in clearance.recipients(context) if each.name == given["name"])
    assert held.country == "US"

    def may() -> bool:
        return clearance.may_disclose(
            context,
            recipient_id=held.recipient_id,
            purpose=typed["code"],
            categories=["pd:EmailAddress"],
            now=clock.now(),
        ).permitted

    assert not may()
    assert officer.post(reverse("console:end-recipient", args=[held.recipient_id])).status_code == 302
    ended = next(each for each in clearance.recipients(context) if each.name == given["name"])
    assert ended.ends_at is not None


def test_a_looser_policy_is_refused_with_its_place(officer: Client, context: AccessContext) -> None:
    answer = officer.post(reverse("console:policy"), {"text": "rules: [\n"})
    assert answer.status_code == 422
    assert "line" in answer.content.decode() or ":1:" in answer.content.decode() or ":2:" in answer.content.decode()
    assert clearance.adopted_policy(context) is None


def test_a_list_is_declared_and_says_that_it_was_never_loaded(officer: Client) -> None:
    code = f"OWN-{new_id()}"
    given = {"code": code, "name": "Ours", "country": "FI", "kind": "phone", "format": "values"}
    assert officer.post(reverse("console:outside-lists"), given).status_code == 302
    shown = officer.get(reverse("console:outside-lists")).content.decode()
    assert code in shown
    assert "never loaded" in shown
    again = officer.post(reverse("console:outside-lists"), given)
    assert again.status_code == 422


def test_a_number_is_suppressed_by_hand_and_never_shown_again(
    officer: Client,
    committed: World,
    context: AccessContext,
) -> None:
    from trustdesk.clearance.contracts import Point, PointKind  # noqa: PLC0415

    typed = purpose()
    officer.post(reverse("console:purposes"), typed)
    address = reverse("console:suppression")
    typed_number = {"kind": "phone", "scope": "everything", "reason": "by_hand", "do": "add"}
    wrong = officer.post(address, typed_number | {"text": "12"})
    assert wrong.status_code == 422
    number = "040 7712399"
    asked = {"kind": "phone", "text": number, "do": "look-up"}
    assert "It is not on the list" in officer.post(address, asked).content.decode()
    assert officer.post(address, typed_number | {"text": number}).status_code == 302
    assert "7712399" not in officer.get(address).content.decode()
    told = officer.post(address, asked).content.decode()
    assert "It is on the list" in told
    assert "7712399" not in told
    verdict = clearance.decide(
        context,
        customer_id=0,
        point=Point(PointKind.PHONE, "+358407712399"),
        channel=Channel.CALL_HUMAN,
        purpose=typed["code"],
        now=clock.now(),
    )
    assert not verdict.permitted
    assert any("suppress" in reason.rule_id.lower() or "SUPPRESS" in reason.rule_id for reason in verdict.reasons)


def test_a_look_up_is_in_the_log_without_the_number(officer: Client, committed: World) -> None:
    number = "040 7712398"
    answer = officer.post(reverse("console:suppression"), {"kind": "phone", "text": number, "do": "look-up"})
    assert answer.status_code == 200
    shown = officer.get(reverse("console:log")).content.decode()
    assert "looked up a number or address in the suppression list" in shown
    assert "7712398" not in shown


def test_whoever_only_reads_looks_nothing_up(committed: World) -> None:
    reader = seated(committed.client_north, committed.north)
    asked = {"kind": "phone", "text": "040 7712398", "do": "look-up"}
    assert reader.post(reverse("console:suppression"), asked).status_code == 403


def test_lists_nobody_asks_are_not_missed(officer: Client) -> None:
    """By statute the Austrian list is asked; the associations' only where the company's own rules say so."""
    shown = officer.get(reverse("console:outside-lists")).content.decode()
    assert "AT-ECG-LISTE" in shown
    assert "DE-DDV-ROBINSON" not in shown
