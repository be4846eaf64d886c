"""What persons are contacted for, on what basis, and what they are told."""

from dataclasses import replace
from datetime import date

import pytest
from tests.clearing import ASSESSMENT, LATER, PURPOSES, TEXT, VERSION, person, verdict
from tests.companies import NOW, Company

from trustdesk.clearance.api import (
    adopt_policy,
    adopted_policy,
    assess_purpose,
    decide,
    declare_purpose,
    notice_versions,
    notices,
    publish_notice,
    purposes,
    retire_purpose,
)
from trustdesk.clearance.contracts import ELEMENTS, NoticeKind, NoticeText
from trustdesk.decision.contracts import BrokenPackError, Channel, Outcome
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError


def test_purposes_are_declared_with_terms_of_the_vocabulary(north: Company) -> None:
    assert [purpose.code for purpose in purposes(north.context())] == ["news", "service", "offers"]
    whole = replace(PURPOSES[0], code="iris", term="https://w3id.org/dpv#Marketing")
    declare_purpose(north.context(), purpose=whole, now=NOW)
    assert purposes(north.context())[-1].term == "dpv:Marketing"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("term", "dpv:CustomerSupport"),  # not in DPV
        ("term", "eu-gdpr:A6-1-a"),
        ("legal_basis", "eu-gdpr:A6-1-g"),
        ("legal_basis", "dpv-gdpr:A6-1-a"),  # DPV 1.x
        ("code", "No blanks"),
        ("label", " "),
    ],
)
def test_what_is_no_term_is_refused(north: Company, field: str, text: str) -> None:
    fresh = replace(PURPOSES[0], code="fresh")
    with pytest.raises(BadInputError) as refusal:
        declare_purpose(north.context(), purpose=replace(fresh, **{field: text}), now=NOW)  # type: ignore[arg-type]
    assert refusal.value.place == field


def test_a_purpose_is_called_by_its_name_in_each_language(north: Company) -> None:
    letters = replace(PURPOSES[0], code="letters", other_labels={"fi": " Uutiskirje ", "hu": "Hírlevél", "pl": ""})
    declare_purpose(north.context(), purpose=letters, now=NOW)
    held = purposes(north.context())[-1]
    assert held.other_labels == {"fi": "Uutiskirje", "hu": "Hírlevél"}
    assert [held.named(language) for language in ("fi", "hu", "pl", "en")] == [
        "Uutiskirje", "Hírlevél", held.label, held.label,
    ]  # fmt: skip


def test_a_name_in_a_language_nobody_reads_here_is_refused(north: Company) -> None:
    with pytest.raises(BadInputError) as refusal:
        declare_purpose(north.context(), purpose=replace(PURPOSES[0], code="xx", other_labels={"xx": "?"}), now=NOW)
    assert refusal.value.place == "other_labels"
    assert "xx" not in {purpose.code for purpose in purposes(north.context())}


def test_a_code_is_taken_once_and_by_the_company_only(north: Company, south: Company) -> None:
    with pytest.raises(ConflictError):
        declare_purpose(north.context(), purpose=PURPOSES[0], now=NOW)
    declare_purpose(north.context(), purpose=replace(PURPOSES[0], code="own"), now=NOW)
    assert "own" not in {purpose.code for purpose in purposes(south.context())}


def test_what_ended_is_for_nothing_any_more(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    retire_purpose(north.context(), code="news", now=NOW)
    with pytest.raises(NotFoundError):
        verdict(north, anna)
    with pytest.raises(NotFoundError):
        retire_purpose(north.context(), code="news", now=LATER)


def test_legitimate_interests_permit_nothing_before_they_are_assessed(north: Company) -> None:
    anna = person(north, address="Street 1, Town")
    letter = verdict(north, anna, Channel.POST, purpose="offers")
    assert letter.outcome is not Outcome.PERMIT
    assert any("6(1)(f)" in reason.statute.text for reason in letter.reasons)
    assess_purpose(north.context(), code="offers", assessment=ASSESSMENT, now=NOW)
    assert verdict(north, anna, Channel.POST, purpose="offers").permitted


def test_an_assessment_ends_with_its_review(north: Company) -> None:
    anna = person(north, address="Street 1, Town")
    due = replace(ASSESSMENT, review_date=date(2026, 12, 1))
    assess_purpose(north.context(), code="offers", assessment=due, now=NOW)
    assert verdict(north, anna, Channel.POST, purpose="offers").permitted
    later = LATER.replace(month=12, day=1)
    assert not verdict(north, anna, Channel.POST, purpose="offers", at=later).permitted


@pytest.mark.parametrize("part", ["pursued", "necessity", "balancing", "safeguards", "assessed_by"])
def test_an_assessment_is_whole(north: Company, part: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        assess_purpose(north.context(), code="offers", assessment=replace(ASSESSMENT, **{part: " "}), now=NOW)  # type: ignore[arg-type]
    assert refusal.value.place == part


def test_only_legitimate_interests_are_assessed(north: Company) -> None:
    with pytest.raises(BadInputError):
        assess_purpose(north.context(), code="news", assessment=ASSESSMENT, now=NOW)


@pytest.mark.parametrize("element", ELEMENTS)
def test_a_notice_says_everything(north: Company, element: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        publish_notice(
            north.context(),
            kind=NoticeKind.ART13,
            version="1",
            texts={"en": replace(TEXT, **{element: " "})},
            now=NOW,
        )
    assert refusal.value.place == f"en.{element}"


def test_a_notice_is_in_every_language_of_the_company_and_never_changed(north: Company) -> None:
    with pytest.raises(BadInputError):
        publish_notice(north.context(), kind=NoticeKind.ART13, version="1", texts={"fi": TEXT}, now=NOW)
    texts: dict[str, NoticeText] = {"en": TEXT, "fi": replace(TEXT, who="Pohjola")}
    publish_notice(north.context(), kind=NoticeKind.ART13, version="1", texts=texts, now=NOW)
    with pytest.raises(ConflictError):
        publish_notice(north.context(), kind=NoticeKind.ART13, version="1", texts=texts, now=LATER)
    found = notices(north.context(), kind=NoticeKind.ART13, version="1", language="fi")
    assert [notice.text.who for notice in found] == ["Pohjola"]
    assert notice_versions(north.context(), NoticeKind.ART13) == ["1"]
    assert notice_versions(north.context(), NoticeKind.CONSENT) == [VERSION]


def test_without_the_operation_nothing_is_declared(north: Company) -> None:
    context = north.context("clearance:read")
    for attempt in (
        lambda: declare_purpose(context, purpose=replace(PURPOSES[0], code="x"), now=NOW),
        lambda: publish_notice(context, kind=NoticeKind.CALL, version="1", texts={"en": TEXT}, now=NOW),
        lambda: adopt_policy(context, text="", now=NOW),
        lambda: retire_purpose(context, code="news", now=NOW),
    ):
        with pytest.raises(RefusedError):
            attempt()
    with pytest.raises(RefusedError):
        decide(north.context("customer:open"), customer_id=1, channel=Channel.POST, purpose="news", now=NOW)


STRICTER = """as_of: 2026-03-02
rules:
  - {id: NORTH-NO-LETTERS, jurisdiction: EU, channels: [post], audiences: all, effect: prohibited}
"""


def test_a_stricter_policy_counts_at_once_and_a_looser_one_is_refused(north: Company) -> None:
    anna = person(north, address="Street 1, Town")
    assess_purpose(north.context(), code="offers", assessment=ASSESSMENT, now=NOW)
    assert verdict(north, anna, Channel.POST, purpose="offers").permitted
    assert adopt_policy(north.context(), text=STRICTER, now=NOW) == 1
    refused = verdict(north, anna, Channel.POST, purpose="offers")
    assert refused.reasons[0].rule_id == "NORTH-NO-LETTERS"
    for looser in (STRICTER.replace("prohibited", "opt_out").replace("post", "email"), "rules: 1"):
        with pytest.raises(BrokenPackError):
            adopt_policy(north.context(), text=looser, now=LATER)
    held = adopted_policy(north.context())
    assert held is not None
    assert held.version == 1
