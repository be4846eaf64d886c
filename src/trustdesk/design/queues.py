"""Queues by the name that the reader's language has for them. Their codes stand in tables, addresses and interfaces."""

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language

from trustdesk.kernel.context import AccessContext
from trustdesk.telephony import api as telephony


def queue_names(context: AccessContext) -> Mapping[str, str]:
    """By their codes."""
    language = get_language() or "en"
    return {queue.code: queue.name_in(language) for queue in telephony.queues(context)}


def queue_choices(names: Mapping[str, str], codes: Iterable[str]) -> list[tuple[str, str]]:
    """As a form offers them, by name. What telephony does not know (any more) is called by its code."""
    named = [(code, names.get(code, code)) for code in codes]
    return sorted(named, key=lambda one: (one[1].casefold(), one[0]))
