"""Templates: what is missing or strange is named, and nothing given breaks out of its place."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import Template
from trustdesk.delivery.standard import standard, standard_codes
from trustdesk.delivery.wording import as_html, check_template, filled, preview
from trustdesk.kernel.errors import BadInputError

LANGUAGES = ("en", "hu", "fi", "pl", "de")


def mail(subject: str = "News of {company}", text: str = "Dear {name},\n\nnews.") -> Template:
    return Template(channel=Channel.EMAIL, code="news", language="en", subject=subject, text=text)


def test_parameters_go_into_their_places() -> None:
    assert filled(mail(), {"company": "Tisza", "name": "Anna"}) == ("News of Tisza", "Dear Anna,\n\nnews.")


def test_a_preview_leaves_what_is_not_given() -> None:
    assert preview(mail(), {"company": "{name}"}) == ("News of {name}", "Dear {name},\n\nnews.")
    assert preview(mail(text="{"), {})[1] == "{"


def test_a_parameter_is_not_read_as_a_template() -> None:
    assert filled(mail(), {"company": "{name}", "name": "{company}"})[0] == "News of {name}"


@pytest.mark.parametrize("given_parameters", [{}, {"company": "x"}, {"company": "x", "name": "y", "more": "z"}])
def test_parameters_are_those_of_the_template(given_parameters: dict[str, str]) -> None:
    with pytest.raises(BadInputError, match="not those"):
        filled(mail(), given_parameters)


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@example.org", "a\nb", "a\rb", "a\x00b", "a\u2028b", "a\x85b"])
def test_a_subject_stays_one_line(evil: str) -> None:
    with pytest.raises(BadInputError, match="control characters"):
        filled(mail(), {"company": evil, "name": "Anna"})


@pytest.mark.parametrize("text", ["{", "}", "{Name}", "{0}", "{a b}", "{{name}}"])
def test_a_brace_alone_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="brace"):
        check_template(mail(text=text))


def test_a_mail_has_a_subject_and_an_sms_has_none() -> None:
    with pytest.raises(BadInputError, match="subject"):
        check_template(mail(subject=""))
    with pytest.raises(BadInputError, match="subject"):
        check_template(Template(channel=Channel.SMS, code="x", language="en", subject="x", text="x"))


@given(st.text())
def test_the_page_says_what_the_text_says_and_nothing_else(text: str) -> None:
    page = as_html(text, "en")
    body = page.split("<body>", 1)[1].rsplit("</body>", 1)[0]
    for tag in ("<p>", "</p>", "<br>"):
        body = body.replace(tag, "")
    while "<a href=" in body:
        before, rest = body.split('<a href="', 1)
        address, rest = rest.split('">', 1)
        assert html.unescape(address).startswith("https://")
        shown, rest = rest.split("</a>", 1)
        assert shown == address
        body = before + shown + rest
    assert "<" not in body
    assert "".join(html.unescape(body).split()) == "".join(text.split())


def test_only_https_becomes_a_link() -> None:
    page = as_html("see https://example.org/a?b=1&c=2. or http://example.org or javascript:alert(1)", "en")
    assert page.count("<a ") == 1
    assert 'href="https://example.org/a?b=1&amp;c=2"' in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
def test_the_products_own_wordings_are_whole_in_every_language(channel: Channel, language: str) -> None:
    for code in standard_codes(channel):
        english, here = standard(channel, code, "en"), standard(channel, code, language)
        assert english is not None
        assert here is not None
        check_template(here)
        assert here.parameters == english.parameters, f"{code} in {language}"
        filled(here, dict.fromkeys(here.parameters, "x"))


def test_there_is_none_of_an_unknown_code() -> None:
    assert standard(Channel.EMAIL, "spam", "en") is None
