"""The wordings that come with the product, in its languages. A company's own, published under the same code, wins.

Each is a message of necessity: somebody waits for it, or the law asks for it. None of them advertises anything, also
not in passing: a mail that asks for a consent may ask for nothing else (Hungary: Grt. 6. § (8), Ekertv. 14. § (5)).
"""

from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import CHANNELS, Template

_MAILS: Mapping[str, tuple[str, str]] = {
    "confirm-consent": (
        gettext_noop("Please confirm: {company}"),
        gettext_noop(
            "Somebody entered this address at {company} and agreed to this:\n\n{wording}\n\n"
            "If it was you, confirm it here:\n{link}\n\n"
            "If it was not you, do nothing: without your confirmation nothing counts as agreed, and no more is sent."
        ),
    ),
    "sign-in-link": (
        gettext_noop("Your link to {company}"),
        gettext_noop(
            "This link opens what {company} holds about you. It works once, for {minutes} minutes, and only in the "
            "browser in which you asked for it:\n{link}\n\n"
            "If you did not ask for it, do nothing: nobody was let in."
        ),
    ),
    "recording-copy": (
        gettext_noop("The recording of your call with {company}"),
        gettext_noop(
            "Here you can hear and download the recording of your call with {company}, free of charge, for {days} "
            "days:\n{link}\n\nWhoever has this link can hear it: pass it on to nobody."
        ),
    ),
    "information-notice": (
        gettext_noop("How {company} uses your data"),
        gettext_noop(
            "{company} holds data about you that it did not get from you. The law asks us to tell you what, from where "
            "and why (GDPR Art. 14):\n\n{notice}"
        ),
    ),
    "breach-notice": (
        gettext_noop("Something happened to your data at {company}"),
        gettext_noop(
            "{company} has to tell you about a breach of the protection of your data (GDPR Art. 34).\n\n"
            "What happened:\n{what}\n\nWhat may follow from it:\n{consequences}\n\n"
            "What we have done and what you can do:\n{measures}\n\nWho answers your questions:\n{contact}"
        ),
    ),
    "request-answer": (
        gettext_noop("Your request to {company}"),
        gettext_noop("{answer}\n\nThe reference of your request is {reference}."),
    ),
}
_SMS: Mapping[str, str] = {
    "confirm-consent": gettext_noop("{company}: to confirm what you agreed to, open {link} . Not you? Do nothing."),
    "sign-in-link": gettext_noop("{company}: your link, good once, for {minutes} minutes: {link}"),
    "recording-copy": gettext_noop("{company}: the recording of your call, for {days} days: {link}"),
    "breach-notice": gettext_noop("{company} has to tell you about a breach of your data (GDPR Art. 34): {link}"),
}


def standard(channel: Channel, code: str, language: str) -> Template | None:
    """The product's own wording in this language; None where it has none of this code."""
    with translation.override(language):
        if channel == Channel.EMAIL and code in _MAILS:
            subject, text = _MAILS[code]
            return Template(channel=channel, code=code, language=language, subject=_(subject), text=_(text))
        if channel == Channel.SMS and code in _SMS:
            return Template(channel=channel, code=code, language=language, text=_(_SMS[code]))
    return None


def standard_templates(language: str) -> list[Template]:
    """All of the product's own in this language, by channel and code: what a company's may stand instead of."""
    named = [(channel, code) for channel in CHANNELS for code in standard_codes(channel)]
    return [held for channel, code in named if (held := standard(channel, code, language)) is not None]


def standard_codes(channel: Channel) -> list[str]:
    """The codes there are."""
    return sorted(_MAILS if channel == Channel.EMAIL else _SMS)
