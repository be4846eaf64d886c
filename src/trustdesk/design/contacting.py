"""Channels, consents and objections in plain words: the same at the desk and in the console."""

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import By, ConsentState, Method, PointKind, Purpose, Scope
from trustdesk.decision.contracts import Channel, Outcome, PurposeKind

OUTCOME_TONES: Mapping[Outcome, str] = {Outcome.PERMIT: "good", Outcome.UNDECIDED: "warn", Outcome.DENY: "bad"}
STATE_TONES: Mapping[ConsentState, str] = {
    ConsentState.GIVEN: "good",
    ConsentState.REFUSED: "bad",
    ConsentState.WITHDRAWN: "bad",
    ConsentState.EXPIRED: "warn",
    ConsentState.REQUESTED: "plain",
    ConsentState.PRESUMED: "accent",
}
CHANNEL_ICONS: Mapping[Channel, str] = {
    Channel.CALL_HUMAN: "phone",
    Channel.CALL_AUTOMATED: "phone",
    Channel.SMS: "phone",
    Channel.MMS: "phone",
    Channel.FAX: "phone",
    Channel.EMAIL: "mail",
    Channel.POST: "pin",
    Channel.CHAT: "person",
    Channel.SOCIAL_DM: "person",
}


def purpose_name(purpose: Purpose) -> str:
    """A declared purpose as the reader's language calls it."""
    return purpose.named(get_language() or "en")


def channel_label(channel: Channel | None) -> str:
    """A way to reach somebody; without one: every way."""
    labels = {
        Channel.CALL_HUMAN: _("Phone call"),
        Channel.CALL_AUTOMATED: _("Call by a machine"),
        Channel.SMS: _("Text message"),
        Channel.MMS: _("Picture message"),
        Channel.FAX: _("Fax"),
        Channel.EMAIL: _("E-mail"),
        Channel.POST: _("Letter"),
        Channel.CHAT: _("Chat"),
        Channel.SOCIAL_DM: _("Message in a social network"),
    }
    return labels[channel] if channel else _("Every way")


def state_label(state: ConsentState) -> str:
    return {
        ConsentState.REQUESTED: _("Asked for"),
        ConsentState.GIVEN: _("Agreed"),
        ConsentState.REFUSED: _("Refused"),
        ConsentState.WITHDRAWN: _("Taken back"),
        ConsentState.EXPIRED: _("Run out"),
        ConsentState.PRESUMED: _("Presumed interest"),
    }[state]


def method_label(method: Method) -> str:
    return {
        Method.WEB_FORM: _("on a form on the web"),
        Method.DOUBLE_OPT_IN: _("on a form, confirmed by e-mail"),
        Method.RECORDED_SENTENCE: _("spoken, and recorded"),
        Method.PAPER_SCAN: _("on paper"),
        Method.KEY_PRESS: _("by a key on the phone"),
        Method.IMPORT: _("brought along from another system"),
        Method.TOLD_OPERATOR: _("told to us"),
        Method.ONE_CLICK: _("by the link in an e-mail"),
        Method.REPLY: _("by an answer to a message"),
        Method.FACTS: _("from what we know"),
    }[method]


def by_label(by: By) -> str:
    return {
        By.PERSON: _("the customer"),
        By.GUARDIAN: _("who holds parental responsibility"),
        By.OPERATOR: _("one of us"),
        By.SOURCE: _("another system"),
        By.CONTROLLER: _("the company"),
    }[by]


def kind_label(kind: PurposeKind) -> str:
    """What sort of thing a purpose is in law."""
    return {
        PurposeKind.MARKETING: _("Advertising"),
        PurposeKind.SERVICE: _("Service"),
        PurposeKind.CONTRACT: _("Contract"),
        PurposeKind.LEGAL_DUTY: _("Legal duty"),
        PurposeKind.RESEARCH: _("Research"),
        PurposeKind.CONSENT_REQUEST: _("Asking for consent"),
    }[kind]


def point_label(kind: PointKind) -> str:
    return {
        PointKind.PHONE: _("Phone numbers"),
        PointKind.EMAIL: _("E-mail addresses"),
        PointKind.ADDRESS: _("Postal addresses"),
        PointKind.HANDLE: _("Names in chats and social networks"),
    }[kind]


def scope_label(scope: Scope, purposes: Mapping[str, str]) -> str:
    """What an objection speaks of. `purposes` name the purposes by their codes."""
    if scope.purpose:
        what = purposes.get(scope.purpose, scope.purpose)
    elif scope.kind is PurposeKind.MARKETING:
        what = _("All advertising")
    elif scope.kind is not None:
        what = kind_label(scope.kind)
    else:
        what = _("Everything")
    return f"{what} · {channel_label(scope.channel)}" if scope.channel else what
