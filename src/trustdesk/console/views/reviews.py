"""Changes about which people say whose they are: the queue, and one of them beside its candidates."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.comparing import candidate_rows, said_rows
from trustdesk.console.words import labels
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.design.updating import STATE_TONES, change_label, closed_reason, likely, share, state_label, why_label
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.register import api as register
from trustdesk.updates import api as updating
from trustdesk.updates.contracts import NOBODY, ChangeKind, Fate, ReviewLine, ReviewState, ReviewView

_CHOSEN_NOBODY = "0"


@require_GET
@entered("update:review")
def reviews(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Those that wait, oldest first; of one kind or one feed where that is asked. Opens nothing."""
    kind, feed_id = _asked(request.GET)
    counts = updating.waiting(context)
    names = _source_names(context)
    values = {
        "rows": [_row(line, names) for line in updating.reviews(context, kind=kind, feed_id=feed_id, limit=200)],
        "all": counts.all,
        "kinds": [
            (change_label(each), count, _query(each, feed_id), each == kind) for each, count in counts.kinds.items()
        ],
        "feeds": [
            (names.get(counts.sources[each], to_public(each)), count, _query(kind, each), each == feed_id)
            for each, count in counts.feeds.items()
        ],
        "every_kind": _query(None, feed_id),
        "every_feed": _query(kind, None),
        "kind": kind,
        "feed": feed_id,
        "query": _query(kind, feed_id),
    }
    return page(request, "console/reviews.html", values, context=context)


@require_http_methods(["GET", "POST"])
@entered("update:review")
def review(request: HttpRequest, context: AccessContext, change_id: int) -> HttpResponse:
    """One change beside its candidates, both opened and logged. POST says whose it is and goes to the next one."""
    kind, feed_id = _asked(request.GET)
    if request.method == "POST":
        state = updating.decide(context, change_id=change_id, choice=_choice(request.POST), now=clock.now())
        messages.success(request, _done_words(state))
        return _to_next(context, change_id, kind, feed_id)
    found = updating.review(context, change_id, kind=kind, feed_id=feed_id)
    names = accounts.names({each for each in (found.first_by, found.second_by) if each})
    numbers = {each.customer_id: at for at, each in enumerate(found.shown, 1)}
    values = {
        "found": found,
        "row": _row(found.line, _source_names(context)),
        "said": said_rows(found.change, labels(context)) if found.change else (),
        "candidates": candidate_rows(found.shown),
        "nobody": (likely(found.nobody), share(found.nobody)),
        "closed": closed_reason(found.closed) if found.closed else "",
        "why": why_label(found.why),
        "others": _others(found, numbers, names),
        "next": _next_address(found.next_id, kind, feed_id),
        "query": _query(kind, feed_id),
        "split": found.line.state is ReviewState.SPLIT,
        "may_undo": _may_undo(context, found.line),
        "waits": found.line.state in (ReviewState.OPEN, ReviewState.SECOND, ReviewState.SPLIT),
    }
    return page(request, "console/review.html", values, context=context)


@require_POST
@entered("update:review")
def send_back(request: HttpRequest, context: AccessContext, change_id: int) -> HttpResponse:
    """Two disagree, and a third person wants it looked at afresh."""
    kind, feed_id = _asked(request.GET)
    updating.send_back(context, change_id=change_id)
    messages.success(request, _("It is in the queue again, for anybody to look at afresh."))
    return _to_next(context, change_id, kind, feed_id)


@require_POST
@entered("update:review")
def close(request: HttpRequest, context: AccessContext, change_id: int) -> HttpResponse:
    """Nothing may be written to the likeliest candidate."""
    kind, feed_id = _asked(request.GET)
    updating.close_review(context, change_id=change_id, now=clock.now())
    messages.success(request, _done_words(ReviewState.CLOSED))
    return _to_next(context, change_id, kind, feed_id)


@require_POST
@entered("update:undo")
def undo(request: HttpRequest, context: AccessContext, change_id: int) -> HttpResponse:
    """It was somebody else's after all: the old values count again, and the breach case is opened."""
    updating.undo(context, change_id=change_id, wrong=True, reason="review", now=clock.now())
    messages.success(request, _("The old values count again, and a breach case is open."))
    return redirect("console:review", change_id=change_id)


def _may_undo(context: AccessContext, line: ReviewLine) -> bool:
    """Whether something was written that still stands."""
    if line.state is not ReviewState.DECIDED or not context.allows("update:undo"):
        return False
    made = updating.change(context, line.change_id).change
    return made.fate in (Fate.UPDATED, Fate.CONFIRMED) and made.undone_at is None


def _asked(given: QueryDict) -> tuple[ChangeKind | None, int | None]:
    """The filters; what can't be read filters nothing."""
    kind = given.get("kind", "")
    try:
        feed_id = from_public(given.get("feed", ""))
    except (ValueError, BadInputError):
        feed_id = None
    return (ChangeKind(kind) if kind in set(ChangeKind) else None), feed_id


def _query(kind: ChangeKind | None, feed_id: int | None) -> str:
    query = QueryDict(mutable=True)
    if kind:
        query["kind"] = kind.value
    if feed_id:
        query["feed"] = to_public(feed_id)
    return f"?{query.urlencode()}" if query else "?"


def _choice(given: QueryDict) -> int:
    """The candidate whose radio was marked, or nobody."""
    chosen = given.get("choice", "")
    if chosen == _CHOSEN_NOBODY:
        return NOBODY
    try:
        return from_public(chosen)
    except (ValueError, BadInputError):
        raise BadInputError(
            _("Nobody was chosen."), place="choice", mend=_("Choose one of the candidates, or nobody.")
        ) from None


def _to_next(context: AccessContext, change_id: int, kind: ChangeKind | None, feed_id: int | None) -> HttpResponse:
    return redirect(
        _next_address(updating.next_review(context, change_id, kind=kind, feed_id=feed_id), kind, feed_id)
        or reverse("console:reviews") + _query(kind, feed_id)
    )


def _next_address(change_id: int | None, kind: ChangeKind | None, feed_id: int | None) -> str:
    return reverse("console:review", args=[change_id]) + _query(kind, feed_id) if change_id else ""


def _done_words(state: ReviewState) -> str:
    return {
        ReviewState.SECOND: _("Noted. A second person decides without seeing your choice."),
        ReviewState.SPLIT: _("Noted. The other person chose differently; a third one decides."),
        ReviewState.DECIDED: _("Decided, and applied."),
        ReviewState.CLOSED: _("Closed: nothing was written."),
    }[state]


def _others(found: ReviewView, numbers: Mapping[int, int], names: dict[int, str]) -> list[tuple[str, str]]:
    """Who chose what, for whoever may see it."""
    told = [(found.first_by, found.first), (found.second_by, found.second)]
    return [
        (
            operator_name(names, who),
            _("nobody") if choice == NOBODY else _("candidate %(number)d") % {"number": numbers.get(choice or 0, 0)},
        )
        for who, choice in told
        if who is not None and choice is not None
    ]


def _source_names(context: AccessContext) -> Mapping[int, str]:
    return {one.source_id: one.name for one in register.sources(context)}


def _row(line: ReviewLine, names: Mapping[int, str]) -> dict[str, object]:
    return {
        "line": line,
        "kind": change_label(line.kind),
        "source": names.get(line.source_id, ""),
        "state": state_label(line.state),
        "tone": STATE_TONES[line.state],
        "likely": likely(line.probability),
        "share": share(line.probability),
    }
