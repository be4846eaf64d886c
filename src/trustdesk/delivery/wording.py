"""From a template and its parameters to what a message says. Pure; no layout, no logic, no markup in templates."""

import html
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from trustdesk.delivery.contracts import PARAMETER, Template
from trustdesk.kernel.errors import BadInputError

LONGEST_SUBJECT = 200
LONGEST_TEXT = 20_000
LONGEST_SMS = 1_000
_BRACE = re.compile(r"[{}]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_LINK = re.compile(r"https://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def check_template(template: Template) -> None:
    """BadInputError where a wording could not be sent as it stands."""
    subject, text = template.subject, template.text
    if (template.channel == "email") != bool(subject.strip()):
        raise BadInputError(_("A mail has a subject, an SMS has none."), place="subject")
    if not text.strip():
        raise BadInputError(_("The text is empty."), place="text")
    for place, part in (("subject", subject), ("text", text)):
        if _BRACE.search(PARAMETER.sub("", part)):
            raise BadInputError(
                _("A brace stands alone."),
                place=place,
                mend=_("Write parameters as {name}: small letters, digits and underscores."),
            )
    _checked(subject, text, template.channel)


def filled(template: Template, parameters: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text. BadInputError names parameters that are missing or that the template does not have."""
    missing, strange = template.parameters - parameters.keys(), parameters.keys() - template.parameters
    if missing or strange:
        raise BadInputError(
            _("The parameters are not those of the template."),
            place=", ".join(sorted(missing or strange)),
            mend=_("Give every parameter that the template names, and no other."),
        )
    subject = PARAMETER.sub(lambda place: parameters[place[1]], template.subject)
    text = PARAMETER.sub(lambda place: parameters[place[1]], template.text)
    return _checked(subject, text, template.channel)


def preview(template: Template, parameters: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text as they would read: what is given is filled in, every other parameter stays as it is written."""

    def given(place: re.Match[str]) -> str:
        return parameters.get(place[1], place[0])

    return PARAMETER.sub(given, template.subject), PARAMETER.sub(given, template.text)


def _checked(subject: str, text: str, channel: str) -> tuple[str, str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    # A line break in a subject could begin a header of somebody else's (CWE-93).
    for place, found in (("subject", _CONTROL.search(subject)), ("text", _CONTROL_BUT_LINES.search(text))):
        if found:
            raise BadInputError(_("A message holds no control characters."), place=place, mend=_("Remove them."))
    longest = LONGEST_SMS if channel == "sms" else LONGEST_TEXT
    for place, too_long in (("subject", len(subject) > LONGEST_SUBJECT), ("text", len(text) > longest)):
        if too_long:
            raise BadInputError(_("The message is too long."), place=place, mend=_("Shorten it."))
    return subject, text


def as_html(text: str, language: str) -> str:
    """The same words as a page: paragraphs, line breaks and https links; no picture, no style, nothing loaded."""
    paragraphs = [part for part in re.split(r"\n{2,}", text) if part.strip()]
    body = "\n".join(f"<p>{_paragraph(part)}</p>" for part in paragraphs)
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head><meta charset="utf-8"></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _paragraph(text: str) -> str:
    done, at = [], 0
    for link in _LINK.finditer(text):
        address = html.escape(link[0])
        done += [html.escape(text[at : link.start()]), f'<a href="{address}">{address}</a>']
        at = link.end()
    return "".join([*done, html.escape(text[at:])]).replace("\n", "<br>\n")
