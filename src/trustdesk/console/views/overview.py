"""The first page: everything in one look; every number opens the rows behind it."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from trustdesk.accounts import api as accounts
from trustdesk.audit import api as audit
from trustdesk.audit.contracts import EntryView
from trustdesk.console.answers import page
from trustdesk.console.tiles import Tile
from trustdesk.console.update_tiles import accuracy_tile, review_tile
from trustdesk.console.views.seats import seat_rows
from trustdesk.console.words import labels
from trustdesk.design import standing
from trustdesk.design.breaches import left_label
from trustdesk.design.entrance import entered, operator_of
from trustdesk.design.freshness import since
from trustdesk.design.happenings import lines
from trustdesk.governance import api as governance
from trustdesk.governance.contracts import Standing as Breaches
from trustdesk.health import api as examinations
from trustdesk.health.contracts import Examination, State
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register
from trustdesk.register.contracts import Share
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Standing

LOOKED_BACK = 1000
NEWEST = 8


@require_GET
def start(request: HttpRequest) -> HttpResponseBase:
    """Who holds an office of the installation but no seat starts with the operators."""
    seatless = request.user.is_authenticated and standing.standing_of(request) is None
    if seatless and accounts.installation_operations(operator_of(request)):
        return redirect("console:operators")
    return _overview(request)


@entered("log:read", "inventory:read", "seat:read", "health:read", "list:preview")
def _overview(request: HttpRequest, context: AccessContext) -> HttpResponse:
    now = clock.now()
    entries = audit.entries(context, limit=LOOKED_BACK) if context.allows("log:read") else []
    values = {
        "tiles": _tiles(context, entries, now=now),
        "lines": lines(entries[:NEWEST], labels=labels(context)),
        "state": audit.verification_state(context) if context.allows("log:read") else None,
        "may_log": context.allows("log:read"),
    }
    return page(request, "console/start.html", values, context=context)


def _tiles(context: AccessContext, entries: Sequence[EntryView], *, now: datetime) -> list[Tile]:
    tiles: list[Tile] = []
    if context.allows("request:work"):
        tiles.append(_request_tile(rights.standing(context, now=now)))
    if context.allows("log:read"):
        tiles.append(_breach_tile(governance.standing(context, now=now)))
        tiles.append(_opened_tile(entries, now=now))
    if context.allows("seat:read"):
        tiles.append(_seat_tile(context, now=now))
    if context.allows("inventory:read"):
        tiles.append(_age_tile(register.shares(context), now=now))
        tiles.extend(_held_tiles(context, now=now))
    if context.allows("update:read"):
        tiles.extend([review_tile(context), accuracy_tile(context)])
    if context.allows("health:read"):
        tiles.append(_health_tile(examinations.latest(), now=now))
    return tiles


def _request_tile(counted: Standing) -> Tile:
    """Requests of data subjects: the clock that a law has set comes first."""
    note, tone = _("none is due within three days"), ""
    if counted.overdue:
        note, tone = _("%(count)d overdue · GDPR Art. 12(3)") % {"count": counted.overdue}, "bad"
    elif counted.due:
        note, tone = _("%(count)d due within three days") % {"count": counted.due}, "warn"
    return Tile(
        name=_("Open requests"),
        icon="person",
        figure=formats.number_format(counted.open, force_grouping=True),
        note=note,
        address=reverse("console:requests"),
        tone=tone,
    )


def _breach_tile(counted: Breaches) -> Tile:
    """Breaches and the hours that are left of the first one (GDPR Art. 33(1))."""
    note, tone = _("none is open"), ""
    if counted.least_left is not None:
        note, tone = left_label(counted.least_left)
    return Tile(
        name=_("Open breaches"),
        icon="warning",
        figure=formats.number_format(counted.open, force_grouping=True),
        note=note,
        address=reverse("console:breaches"),
        tone=tone,
    )


def _age_tile(shares: Sequence[Share], *, now: datetime) -> Tile:
    """The age of the data: how much of it is fresh by the last count."""
    held, fresh = sum(each.held for each in shares), sum(each.fresh for each in shares)
    counted = max((each.counted_at for each in shares), default=None)
    return Tile(
        name=_("Fresh"),
        icon="clock",
        figure=f"{math.floor(100 * fresh / held)} %" if held else "?",
        note=_("of all values, counted %(when)s") % {"when": since(counted, now)} if counted else _("not counted yet"),
        address=reverse("console:freshness"),
    )


def _opened_tile(entries: Sequence[EntryView], *, now: datetime) -> Tile:
    today = [entry for entry in entries if entry.kind == "opening" and entry.at > now - timedelta(days=1)]
    people = {entry.operator_id for entry in today if entry.operator_id}
    customers = {subject for entry in today for subject in entry.subjects}
    more = "+" if len(entries) == LOOKED_BACK and len(today) == LOOKED_BACK else ""
    return Tile(
        name=_("Customers opened in 24 hours"),
        icon="eye",
        figure=f"{len(customers)}{more}",
        note=ngettext("by %(count)d person", "by %(count)d people", len(people)) % {"count": len(people)},
        address=reverse("console:log"),
    )


def _seat_tile(context: AccessContext, *, now: datetime) -> Tile:
    living = [row for row in seat_rows(mandates.seats(context), [], [], now=now) if row.living]
    ending = [row for row in living if row.seat.ends_at and row.seat.ends_at < now + timedelta(days=30)]
    note = ngettext("%(count)d ends within 30 days", "%(count)d end within 30 days", len(ending))
    return Tile(
        name=_("Living seats"),
        icon="seat",
        figure=str(len(living)),
        note=note % {"count": len(ending)},
        address=reverse("console:seats"),
    )


def _held_tiles(context: AccessContext, *, now: datetime) -> list[Tile]:
    rows = register.inventory(context)
    values = sum(row.values for row in rows)
    never = sum(row.never_confirmed for row in rows)
    oldest = min((row.oldest_recorded_at for row in rows), default=None)
    due = register.notices_due(context, before=now + timedelta(days=30), limit=LOOKED_BACK)
    late = sum(one.due_at <= now for one in due)
    percent = round(100 * never / values) if values else 0
    return [
        Tile(
            name=_("Values held"),
            icon="database",
            figure=formats.number_format(values, force_grouping=True),
            note=_("oldest recorded %(when)s") % {"when": since(oldest, now)} if oldest else _("nothing yet"),
            address=reverse("console:inventory"),
        ),
        Tile(
            name=_("Never confirmed"),
            icon="clock",
            figure=f"{percent} %",
            note=_("of all values: ask when the customer calls"),
            address=reverse("console:inventory"),
            tone="warn" if percent >= 50 else "",
        ),
        Tile(
            name=_("To be informed within 30 days"),
            icon="mail",
            figure=f"{len(due)}{'+' if len(due) == LOOKED_BACK else ''}",
            note=ngettext("%(count)d is late · GDPR Art. 14", "%(count)d are late · GDPR Art. 14", late)
            % {"count": late},
            address=reverse("console:inventory"),
            tone="bad" if late else "",
        ),
    ]


def _health_tile(latest: Examination | None, *, now: datetime) -> Tile:
    if latest is None:
        note, figure, tone = _("run “trustdesk doctor” once"), "?", "warn"
    else:
        words = {State.SOUND: _("Sound"), State.WARNING: _("Warning"), State.BROKEN: _("Broken")}
        tones = {State.SOUND: "good", State.WARNING: "warn", State.BROKEN: "bad"}
        figure, tone = words[latest.state], tones[latest.state]
        note = _("examined %(when)s") % {"when": since(latest.at, now)}
    return Tile(
        name=_("Installation"), icon="health", figure=figure, note=note, address=reverse("console:health"), tone=tone
    )
