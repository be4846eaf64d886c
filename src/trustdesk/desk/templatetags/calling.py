"""The call bar as it stands when a page is made; afterwards it asks for itself."""

from datetime import datetime
from typing import Final

from django import template
from django.http import HttpRequest
from django.template.context import Context

from trustdesk.desk.calling import CallBar, bar_of
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext

register = template.Library()

_LETTERS: Final = ("", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz", "", "", "")


@register.simple_tag(takes_context=True)
def call_bar(context: Context) -> CallBar | None:
    """None for whoever takes no calls."""
    request: HttpRequest = context["request"]
    access: AccessContext | None = getattr(request, "access", None)
    return bar_of(request, access) if access is not None and access.allows("call:take") else None


@register.filter
def elapsed(since: datetime) -> str:
    """Minutes and seconds until now, as a clock shows them; the page's script goes on counting."""
    seconds = max(0, int((clock.now() - since).total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.simple_tag
def keypad() -> list[tuple[str, str]]:
    """The twelve keys, each with the letters of ITU-T E.161."""
    return list(zip("123456789*0#", _LETTERS, strict=True))
