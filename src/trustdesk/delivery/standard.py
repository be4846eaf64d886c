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
    "contact-changed": (
        gettext_noop("Your contact details at {company} were changed"),
        gettext_noop(
            "{company} has another address on file for you instead of this one. If it was you who changed it, do "
            "nothing.\n\nIf not, tell us at once: for thirty days the new one opens nothing by itself."
        ),
    ),
    "record-updated": (
        gettext_noop("Your data at {company} were updated"),
        gettext_noop(
            "{company} has learnt from {source} that something about you has changed, and has updated it: {what}.\n\n"
            "If that is right, do nothing. If not, tell us: it is put back, and what you say counts.\n\n"
            "For your safety this message does not say what is on file now."
        ),
    ),
    "recording-copy": (
        gettext_noop("The recording of your call with {company}"),
        gettext_noop(
            "Here you can hear and download the recording of your call with {company}, free of charge, for {days} "
            "days:\n{link}\n\nWhoever has this link can hear it: pass it on to nobody."
        ),
    ),
    "data-copy": (
        gettext_noop("The copy of your data at {company}"),
        gettext_noop(
            "The copy of your data that you asked {company} for is ready. You can download it for {days} days:\n"
            "{link}\n\nFor each download we ask you to show who you are, so that nobody gets it who finds this message."
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
    "recipient-erased": (
        gettext_noop("{company}: please erase {customer}"),
        gettext_noop(
            "{company} gave you data of a person whom you know by our reference {customer}. These data were erased "
            "here (GDPR Art. 17). Please erase them too, every copy and link, and tell those to whom you gave them "
            "(Art. 19).\n\nSay with one click that this has reached you:\n{link}\n\nThis letter names nobody. If you "
            "do not know the reference, answer it."
        ),
    ),
    "recipient-corrected": (
        gettext_noop("{company}: data of {customer} were corrected"),
        gettext_noop(
            "{company} gave you data of a person whom you know by our reference {customer}. Some of them were wrong "
            "and were put right here: {what} (GDPR Art. 16). Please get the right ones from us, put yours right, and "
            "tell those to whom you gave them (Art. 19).\n\nSay with one click that this has reached you:\n{link}\n\n"
            "This letter names nobody. If you do not know the reference, answer it."
        ),
    ),
    "request-received": (
        gettext_noop("Your request to {company}"),
        gettext_noop(
            "{company} has received a request in your name: {right}.\n\nIts reference is {reference}. You will have "
            "an answer by {day}, free of charge (GDPR Art. 12(3), (5)).\n\nIf it was not you, tell us at once and name "
            "the reference: nothing is done before it is certain who asked."
        ),
    ),
    "request-identity": (
        gettext_noop("Please show {company} that it is you"),
        gettext_noop(
            "{company} has received a request in your name: {right}. Before anything is done, it has to be certain "
            "that it was you (GDPR Art. 12(6)).\n\nCall us and name the reference {reference}: a code can be sent to "
            "you, or we call you back. You can also show a document; it is not kept. Until then the time for the "
            "answer stands still.\n\nIf it was not you, do nothing, or tell us: nothing is done."
        ),
    ),
    "request-code": (
        gettext_noop("Your code for {company}"),
        gettext_noop(
            "The code for your request {reference} to {company} is {code}. It is good for {minutes} minutes. Say it "
            "only to whom you have called yourself.\n\nIf you made no request, do nothing: without the code nothing is "
            "done."
        ),
    ),
    "request-extended": (
        gettext_noop("Your request to {company} takes longer"),
        gettext_noop(
            "{company} needs more time for your request: {right}. You will have an answer by {day} (GDPR Art. 12(3))."
            "\n\nThe reason:\n{reason}\n\nThe reference is {reference}."
        ),
    ),
    "request-done": (
        gettext_noop("Your request to {company} is done"),
        gettext_noop(
            "{company} has done what you asked for: {right}.\n\nThe reference is {reference}. If you are not content, "
            "you can complain to the supervisory authority where you live or work, and go to court (GDPR Art. 77, 79)."
        ),
    ),
    "request-erasing": (
        gettext_noop("{company} erases your data now"),
        gettext_noop(
            "{company} erases your data now, as you asked: {right}. What a law makes us keep stays closed until its "
            "day and is then erased, too. This is the last letter to this address.\n\n"
            "Keep the reference {reference}: by it you can ask for the certificate. If you are not content, you can "
            "complain to the supervisory authority where you live or work, and go to court (GDPR Art. 77, 79)."
        ),
    ),
    "request-refused": (
        gettext_noop("Your request to {company} is refused"),
        gettext_noop(
            "{company} does not do what you asked for: {right}.\n\nThe reason ({law}):\n{reason}\n\nThe reference is "
            "{reference}. You can complain to the supervisory authority where you live or work, and go to court "
            "(GDPR Art. 12(4), 77, 79)."
        ),
    ),
    "request-alert": (
        gettext_noop("A request was made in your name at {company}"),
        gettext_noop(
            "This address was replaced by another one at {company} not long ago, and now somebody asks there: {right}."
            "\n\nIf it was you, do nothing. If not, tell us at once and name the reference {reference}: nothing is "
            "done by means of a new address."
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
    "contact-changed": gettext_noop(
        "{company}: another number is on file for you instead of this one. Not you? Tell us at once."
    ),
    "record-updated": gettext_noop(
        "{company}: {source} says that something about you changed; updated: {what}. Not right? Tell us, "
        "it is put back."
    ),
    "recording-copy": gettext_noop("{company}: the recording of your call, for {days} days: {link}"),
    "data-copy": gettext_noop("{company}: the copy of your data, for {days} days: {link}"),
    "request-received": gettext_noop(
        "{company}: a request in your name: {right}. Reference {reference}, answer by {day}. Not you? Tell us."
    ),
    "request-identity": gettext_noop(
        "{company}: a request in your name: {right}. Was it you? Call us and name {reference}. Not you? Tell us."
    ),
    "request-code": gettext_noop(
        "{company}: the code for your request {reference} is {code}, good for {minutes} minutes."
    ),
    "request-extended": gettext_noop(
        "{company}: your request {reference} ({right}) takes until {day} (GDPR Art. 12(3)): {reason}"
    ),
    "request-done": gettext_noop(
        "{company}: your request {reference} is done: {right}. You can complain to the supervisory authority and go to "
        "court (GDPR Art. 77, 79)."
    ),
    "request-erasing": gettext_noop(
        "{company} erases your data now: {right}. Keep the reference {reference}: by it you can ask for the "
        "certificate."
    ),
    "request-refused": gettext_noop(
        "{company}: your request {reference} ({right}) is refused ({law}): {reason} You can complain to the "
        "supervisory authority and go to court (GDPR Art. 77, 79)."
    ),
    "request-alert": gettext_noop(
        "{company}: this number was replaced there, and now somebody asks: {right}. Not you? Tell us: {reference}."
    ),
    "request-answer": gettext_noop("{company}: {answer} ({reference})"),
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
