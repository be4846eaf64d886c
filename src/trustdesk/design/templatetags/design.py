"""The components as template tags: each renders one small template, so markup stands in one place."""

import itertools
from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from trustdesk.audit.contracts import VerificationState
from trustdesk.clearance.contracts import Purpose
from trustdesk.conversations import api as conversing
from trustdesk.decision.contracts import Statute
from trustdesk.design.contacting import purpose_name
from trustdesk.design.freshness import Freshness
from trustdesk.design.icons import ICONS
from trustdesk.design.law import cited as as_cited
from trustdesk.design.queues import queue_names
from trustdesk.design.readable import phone_text
from trustdesk.design.sounding import Drawing
from trustdesk.design.updating import Bar
from trustdesk.design.verification import seal_of
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public

register = template.Library()


TONE_ICONS = {"good": "check", "warn": "warning", "bad": "stop", "accent": "info", "plain": "info"}
GROUP = 3
_keys = itertools.count()  # names that tie a reason to its button; only unique within a page


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A drawing without a name of its own: the word stands beside it, or on the control."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 16 16" fill="none" stroke="currentColor"'
        ' stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        "{1}</svg>",
        size,
        mark_safe(ICONS[name]),  # noqa: S308 - our own drawings, from a constant
    )


@register.simple_tag
def badge(words: str, tone: str = "plain", name: str = "") -> SafeString:
    """A status: icon and word, the color comes third."""
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, icon(name or TONE_ICONS[tone], 12), words)


@register.inclusion_tag("design/components/freshness.html")
def freshness_ring(value: Freshness) -> dict[str, Any]:
    """The one mark of freshness; `pathLength` makes the share a percentage."""
    return {"state": value.state, "words": value.words, "share": f"{value.share * 100:.0f}"}


@register.inclusion_tag("design/components/closed.html")
def closed_door(label: str, reason: str, law: str = "", name: str = "lock") -> dict[str, Any]:
    """An action that may not be done now: in its place, quiet, with its reason and the source of it."""
    return {"label": label, "reason": reason, "law": as_cited(law), "icon_name": name, "key": f"why-{next(_keys)}"}


@register.inclusion_tag("design/components/player.html")
def player(call: Drawing, label: str) -> dict[str, Any]:
    """A recorded call: outline of both sides, gaps, and what one does with it. `label` names it for those who don't
    see it.
    """
    return {"call": call, "label": label}


@register.inclusion_tag("design/components/weight.html")
def weight(drawn: Bar) -> dict[str, Any]:
    """How much one comparison speaks for or against, as a small bar with its number."""
    return {"bar": drawn}


@register.inclusion_tag("design/components/reference.html")
def reference(identifier: int | str) -> dict[str, Any]:
    """An identifier in groups of three, copied by a click."""
    text = to_public(identifier) if isinstance(identifier, int) else identifier
    groups = [text[start : start + GROUP] for start in range(0, len(text), GROUP)]
    if len(groups) > 1 and len(groups[-1]) == 1:  # no letter stands alone
        groups[-2:] = [groups[-2] + groups[-1]]
    return {"text": text, "groups": " ".join(groups)}


@register.inclusion_tag("design/components/field.html")
def field(bound: BoundField, hint: str = "", *, mark_optional: bool = True) -> dict[str, Any]:
    """A form field with its label, hint and what is wrong with it, tied together for assistive technology.

    Where nearly everything is optional, or a field is needed by circumstance, `mark_optional` is switched off.
    """
    widget = bound.field.widget
    widget.attrs.pop("placeholder", None)  # it only repeats the label, and is gone when it would help
    hint = hint or str(bound.help_text)
    errors = [str(error) for error in bound.errors]
    described = [f"{bound.auto_id}-hint"] * bool(hint) + [f"{bound.auto_id}-wrong"] * bool(errors)
    classes = ["" if isinstance(widget, CheckboxInput | RadioSelect) else "input", widget.attrs.get("class", "")]
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if errors:
        attrs["aria-invalid"] = "true"
    return {
        "control": bound.as_widget(attrs=attrs),
        "id": bound.auto_id,
        "label": bound.label,
        "hint": hint,
        "errors": errors,
        "optional": mark_optional and not bound.field.required,
        "checkbox": isinstance(widget, CheckboxInput),
        "group": isinstance(widget, RadioSelect),  # CheckboxSelectMultiple is one too
    }


@register.simple_tag
def when(instant: datetime | None, *, seconds: bool = False) -> SafeString | str:
    """An instant in the company's zone and the reader's manner; where no company is chosen, in UTC, which is said."""
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    words = (
        formats.date_format(local, "SHORT_DATE_FORMAT")
        + " "
        + formats.time_format(local, "H:i:s" if seconds else "H:i")
        + (" UTC" if local.tzname() == "UTC" else "")
    )
    return format_html('<time datetime="{}" class="nowrap">{}</time>', instant.isoformat(), words)


@register.simple_block_tag
def notice(content: str, title: str, tone: str = "accent", name: str = "", *, live: bool = False) -> str:
    """Something to know before going on."""
    return render_to_string(
        "design/components/notice.html",
        {"content": content, "title": title, "tone": tone, "icon_name": name or TONE_ICONS[tone], "live": live},
    )


@register.simple_block_tag
def nothing(content: str, title: str, name: str = "info") -> str:
    """Nothing here yet, and what to do next."""
    return render_to_string("design/components/empty.html", {"content": content, "title": title, "icon_name": name})


@register.simple_block_tag
def proof(content: str, words: str, state: str = "sealed") -> str:
    """The seal that opens what can be checked. `state`: sealed, open (self-consistent only), broken."""
    return render_to_string(
        "design/components/proof.html",
        {
            "content": content,
            "words": words,
            "state": state,
            "icon_name": "seal-broken" if state == "broken" else "seal",
        },
    )


@register.inclusion_tag("design/parts/verification.html")
def verification(state: VerificationState) -> dict[str, Any]:
    """The seal over the log, opening what can be checked."""
    seal, words = seal_of(state, now=clock.now())
    return {"state": state, "seal": seal, "words": words}


@register.filter
def grouped(number: int) -> str:
    """A number with the reader's thousands marks."""
    return formats.number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def named(purpose: Purpose) -> str:
    """A declared purpose as the reader's language calls it."""
    return purpose_name(purpose)


@register.filter
def cited(law: str) -> str:
    """A source of law; what is trustdesk's own default says so."""
    return as_cited(law)


@register.filter
def phone(text: str) -> str:
    """A number in groups; whatever is none stays as it is. Who is known by a number alone is called by it."""
    return phone_text(text)


@register.simple_tag(takes_context=True)
def queue_name(context: Context, code: str) -> str:
    """A queue of the company one works for, by its name; asked once a page. One that is gone keeps its code."""
    request: HttpRequest = context["request"]
    names = getattr(request, "queue_names", None)
    if names is None:
        access: AccessContext | None = getattr(request, "access", None)
        names = queue_names(access) if access is not None else {}
        request.queue_names = names  # type: ignore[attr-defined]
    return str(names.get(code, code))


@register.simple_tag
def law(statute: Statute) -> SafeString | str:
    """A source of law, leading to its text where that is known."""
    words = as_cited(statute.text)
    return format_html('<a href="{}" rel="noreferrer">{}</a>', statute.url, words) if statute.url else words


@register.filter
def in_threes(digits: str) -> str:
    """A reference of a conversation, in groups of three."""
    return conversing.grouped(digits)


@register.filter
def complaint_number(number: str) -> str:
    """The number of a complaint: the reference of its conversation in groups of three, and the figure after it."""
    reference, stroke, figure = number.partition("/")
    return f"{conversing.grouped(reference)}{stroke}{figure}"


@register.filter
def public(identifier: int) -> str:
    """The identifier as it stands in addresses."""
    return to_public(identifier)


@register.filter
def initials(name: str) -> str:
    """Up to two first letters; a dot where nothing is known."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in words[:2]) or "·"
