"""How fresh the register is, what needed no asking, and for how long which confirmation counts."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.freshness_forms import FreshnessForm, WhoForm
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.fresh_figures import FRESH_FIGURES
from trustdesk.design.freshness import confirmer_label
from trustdesk.design.origin import origin_label
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, TrustdeskError
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import CONTACT_POINTS, ConfirmedBy, Share
from trustdesk.updates import api as updates

READ, MANAGE = "inventory:read", "feed:manage"
UNPROCESSABLE = 422
COUNTED_BACK = timedelta(days=30)
DUE_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """So many held, so many of them fresh; `key` names what they are of."""

    key: str
    label: str
    held: int
    fresh: int

    @property
    def percent(self) -> str:
        """Rounded down: nothing is called all fresh that is not."""
        return f"{math.floor(100 * self.fresh / self.held)} %" if self.held else "?"


@require_GET
@entered(READ)
def freshness(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Counts only: nothing is opened."""
    return _page(request, context)


@require_GET
@entered(READ)
def attribute(request: HttpRequest, context: AccessContext, code: str) -> HttpResponse:
    """The rows behind an attribute's number: by source and confirmation, and some of the values that are due."""
    now = clock.now()
    due = register.due(context, attribute=code, limit=DUE_SHOWN, now=now)
    shares = [each for each in register.shares(context) if each.attribute == code]
    values = {
        "label": next(_(each.label) for each in register.catalog(context) if each.code == code),
        "lines": [
            (_sum([each]), origin_label(each.source_kind, each.source_name), _by_label(each.by)) for each in shares
        ],
        "counted_at": shares[0].counted_at if shares else None,
        "due": [(each, _by_label(each.by)) for each in due],
        "most": DUE_SHOWN,
        "may_open": context.allows("customer:open"),
    }
    return page(request, "console/freshness_of.html", values, context=context)


@require_POST
@entered(READ)
def count(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Count now, as the night does."""
    register.count_freshness(context, now=clock.now())
    messages.success(request, _("Counted."))
    return redirect("console:freshness")


@require_POST
@entered(MANAGE)
def set_rule(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """For how long one confirmation counts from now on."""
    now = clock.now()
    form = _form(context, request.POST)
    accounts.check_elevated(request, MANAGE, now=now)
    if not form.is_valid() or not _saved(context, form, now):
        return _page(request, context, form=form, status=UNPROCESSABLE)
    messages.success(request, _("In force: it counts for what was confirmed before, too."))
    return redirect("console:freshness")


@require_POST
@entered(MANAGE)
def end_rule(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """From now on it counts as long as the attribute says."""
    now = clock.now()
    form = WhoForm(request.POST, catalog=register.catalog(context), sources=register.sources(context))
    accounts.check_elevated(request, MANAGE, now=now)
    if not form.is_valid():
        raise BadInputError(_("There is no such rule."), place="rule", mend=_("Load the page again."))
    given = form.cleaned_data["attribute"]
    register.set_freshness(context, attribute=given, by=form.by(), source_id=form.source_id(), days=None, now=now)
    messages.success(request, _("Ended: it counts as long as the attribute says."))
    return redirect("console:freshness")


def _by_label(by: ConfirmedBy | None) -> str:
    return confirmer_label(by.value) if by else _("never confirmed")


def _saved(context: AccessContext, form: FreshnessForm, now: datetime) -> bool:
    given = form.cleaned_data
    try:
        register.set_freshness(
            context,
            attribute=given["attribute"],
            by=form.by(),
            source_id=form.source_id(),
            days=given["days"],
            now=now,
        )
    except TrustdeskError as fault:
        refused(form, fault)
        return False
    return True


def _page(
    request: HttpRequest, context: AccessContext, *, form: FreshnessForm | None = None, status: int = 200
) -> HttpResponse:
    now, manages = clock.now(), context.allows(MANAGE)
    shares = register.shares(context)
    chosen = request.GET.get("source", "")
    shown = [each for each in shares if chosen in {"", to_public(each.source_id)}]
    values = {
        "counted_at": shares[0].counted_at if shares else None,
        "all": _sum(shares),
        "points": _sum(each for each in shares if each.kind in CONTACT_POINTS),
        "attributes": _lines((each.attribute, _(each.attribute_label), each) for each in shown),
        "sources": _lines(
            (to_public(each.source_id), origin_label(each.source_kind, each.source_name), each) for each in shares
        ),
        "chosen": chosen,
        "to_desk": _to_desk(context, now),
        "definitions": [(_(each.name), _(each.meaning), _(each.formula)) for each in FRESH_FIGURES],
        "rules": _rules(context),
        "may_manage": manages,
        "elevated_until": accounts.elevated_until(request, now=now) if manages else None,
        "form": form or _form(context),
        **_spared(context, now),
    }
    return page(request, "console/freshness.html", values, context=context, status=status)


def _form(context: AccessContext, data: object = None) -> FreshnessForm:
    return FreshnessForm(data, catalog=register.catalog(context), sources=register.sources(context))


def _sum(shares: Iterable[Share]) -> Line:
    found = list(shares)
    return Line("", "", sum(each.held for each in found), sum(each.fresh for each in found))


def _lines(named: Iterable[tuple[str, str, Share]]) -> list[Line]:
    """A line for each name, the most held first."""
    groups: dict[tuple[str, str], list[Share]] = defaultdict(list)
    for key, label, share in named:
        groups[key, label].append(share)
    lines = [replace(_sum(group), key=key, label=label) for (key, label), group in groups.items()]
    return sorted(lines, key=lambda line: (-line.held, line.label))


def _spared(context: AccessContext, now: datetime) -> dict[str, object]:
    until = now.date() + timedelta(days=1)
    days = register.spared(context, since=until - COUNTED_BACK, until=until)
    total, seconds = sum(day.count for day in days), updates.policy(context).question_seconds
    return {
        "spared": [(day.day, _(day.attribute_label), day.count) for day in days],
        "spared_total": total,
        "hours": formats.number_format(total * seconds / 3600, decimal_pos=1, use_l10n=True),
        "seconds": seconds,
    }


def _to_desk(context: AccessContext, now: datetime) -> tuple[str, str] | None:
    """Half of the changes of the month, and 99 of 100, were at the desk within; None where none came or who looks may
    not see it.
    """
    if not context.allows("update:read"):
        return None
    found = updates.figures(context, since=now - COUNTED_BACK, until=now)
    if found.median is None or found.p99 is None:
        return None
    return _seconds(found.median), _seconds(found.p99)


def _seconds(taken: float) -> str:
    return _("%(count)s s") % {"count": formats.number_format(taken, decimal_pos=1, use_l10n=True, force_grouping=True)}


def _rules(context: AccessContext) -> list[dict[str, object]]:
    labels = {each.code: _(each.label) for each in register.catalog(context)}
    return [
        {
            "rule": rule,
            "label": labels[rule.attribute],
            "who": confirmer_label(rule.by.value) if rule.by else rule.source_name,
            "key": WhoForm.who_of(rule.by, rule.source_id),
        }
        for rule in register.freshness(context)
    ]
