"""What the demo's companies say: whole in every language of each, with nothing left to fill in."""

import pytest

from trustdesk.clearance.contracts import ELEMENTS, NoticeKind
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import PARAMETER, Template
from trustdesk.delivery.wording import check_template, filled
from trustdesk.demo import texts
from trustdesk.demo.companies import COMPANIES, Company

SPOKEN = [(company, language) for company in COMPANIES for language in company.languages]


@pytest.mark.parametrize(("company", "language"), SPOKEN)
@pytest.mark.parametrize("kind", [NoticeKind.ART13, NoticeKind.ART14, NoticeKind.CONSENT])
def test_a_notice_says_everything_and_names_the_company(company: Company, language: str, kind: NoticeKind) -> None:
    text = texts.notice(company.house, kind, language)
    said = [getattr(text, element) for element in ELEMENTS]
    assert all(len(part) > len("https://") for part in said)
    assert company.name in text.who
    assert not any("{" in part for part in said)


@pytest.mark.parametrize(("company", "language"), SPOKEN)
def test_the_words_of_a_consent_name_who_may_do_what(company: Company, language: str) -> None:
    agreed = {texts.words(company.house, about, language) for about in ("email", "call_human")}
    assert len(agreed) == len({"email", "call_human"})
    assert all(company.name in words for words in agreed)


@pytest.mark.parametrize("company", COMPANIES)
def test_the_campaigns_wording_names_nobody(company: Company) -> None:
    subject, text = texts.season(company.house, company.languages[0])
    check_template(Template(channel=Channel.EMAIL, code="season", language="fi", subject=subject, text=text))
    assert PARAMETER.findall(subject + text) == []
    assert company.house.site in text


@pytest.mark.parametrize("company", COMPANIES)
def test_the_script_says_who_calls_and_names_nobody_else(company: Company) -> None:
    text = texts.script(company.house, company.languages[0])
    assert company.name in text
    assert not any(sign in text for sign in "{}")


@pytest.mark.parametrize(("company", "language"), SPOKEN)
def test_the_newsletter_can_be_sent(company: Company, language: str) -> None:
    subject, text = texts.mail(company.house, language)
    template = Template(channel=Channel.EMAIL, code="newsletter", language=language, subject=subject, text=text)
    check_template(template)
    assert PARAMETER.findall(text) == ["name"]
    assert company.house.site in filled(template, {"name": "Aino"})[1]


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("right", ["access", "erasure", "objection"])
def test_rights_are_asked_for_in_the_companys_own_language(company: Company, right: str) -> None:
    said = texts.asked(company.house, right, company.languages[0])
    assert len(said) > len(right)
    assert "{" not in said
