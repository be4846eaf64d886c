"""Codes of clearance in plain words."""

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import ListFormat, NoticeKind, RecipientRole, SuppressionReason


def reason_label(reason: str) -> str:
    """Why a number or address is suppressed."""
    return {
        SuppressionReason.OBJECTION.value: _("objected"),
        SuppressionReason.WITHDRAWAL.value: _("took a consent back"),
        SuppressionReason.REFUSED_IN_CALL.value: _("refused in a call"),
        SuppressionReason.LIST_HIT.value: _("on a list kept by others"),
        SuppressionReason.ERASURE.value: _("erased"),
        SuppressionReason.HAND.value: _("by hand"),
    }.get(reason, reason)


def role_label(role: RecipientRole) -> str:
    return {
        RecipientRole.PROCESSOR: _("Processor"),
        RecipientRole.JOINT_CONTROLLER: _("Joint controller"),
        RecipientRole.THIRD_PARTY: _("Third party"),
        RecipientRole.AUTHORITY: _("Authority"),
    }[role]


def notice_label(kind: NoticeKind) -> str:
    return {
        NoticeKind.ART13: _("When data come from the person (GDPR Art. 13)"),
        NoticeKind.ART14: _("When data come from elsewhere (GDPR Art. 14)"),
        NoticeKind.CONSENT: _("When consent is asked for (GDPR Art. 7)"),
        NoticeKind.CALL: _("Spoken before a call is recorded"),
    }[kind]


def element_label(element: str) -> str:
    """What a notice has to say."""
    return {
        "who": _("Who we are, and how to reach the data protection officer"),
        "purpose": _("What we use the data for"),
        "further_use": _("What else they may be used for later"),
        "legal_basis": _("On which legal basis"),
        "retention": _("How long we keep them"),
        "recipients": _("Who else gets them, and in which countries"),
        "rights": _("Which rights the person has"),
        "where_the_rest_is": _("Where the rest can be read"),
    }[element]


def format_label(form: ListFormat) -> str:
    return {
        ListFormat.VALUES: _("numbers or addresses in clear"),
        ListFormat.ECG_HASH: _("digests as RTR hands them out (ECG list)"),
    }[form]


def safeguard_label(term: str) -> str:
    """What protects data in a third country; the article stands beside it."""
    labels = {
        "eu-gdpr:A45-3": _("Decision of the Commission that the level of protection is adequate"),
        "eu-gdpr:A46-2-b": _("Binding corporate rules"),
        "eu-gdpr:A46-2-c": _("Standard clauses of the Commission"),
        "eu-gdpr:A46-2-d": _("Standard clauses of a supervisory authority"),
        "eu-gdpr:A46-2-e": _("Code of conduct"),
        "eu-gdpr:A46-2-f": _("Certification"),
    }
    return labels.get(term, term)
