"""A batch of changes from a feed, taken in one transaction: all of it or nothing."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.mandates.api import controller
from trustdesk.matching.contracts import Outcome
from trustdesk.register.api import hold_persons
from trustdesk.updates.contracts import Change, Fate, Terms, Verdict
from trustdesk.updates.services import telling, writing
from trustdesk.updates.services.admitting import keep_away
from trustdesk.updates.services.cases import Case, cases_of, open_cases
from trustdesk.updates.services.finding import find
from trustdesk.updates.services.recording import record

MOST = 1_000
_GONE = "gone"


def take(context: AccessContext, changes: Sequence[Change], *, terms: Terms, now: datetime) -> Sequence[Verdict]:
    """See `updates.api.take`."""
    context.check_operation("feed:work")
    if len(changes) > MOST:
        raise BadInputError(_("These are too many changes at once."), place="changes", mend=_("Give them in parts."))
    if not changes:
        return []
    with joined(context.scope), _uncollected():
        cases = cases_of(context, changes, terms)
        said = open_cases(cases)
        home = controller(context.controller_id).country
        find(context, said, terms, home=home)
        keep_away(context, said, terms, home=home)
        _hold(context, open_cases(said))
        certain = [case for case in open_cases(said) if case.outcome is Outcome.UPDATE]
        applied = writing.apply(context, certain, terms, now=now)
        for case in open_cases(said):
            case.end(Fate.REVIEW, case.reason)
        record(context, [case for case in cases if case.fate is not Fate.BEFORE], terms, now=now)
        writing.keep_applied(context, applied, now=now)
        telling.order(context, said, applied, terms)
        _log(context, cases, terms)
    return [case.verdict() for case in cases]


@contextmanager
def _uncollected() -> Iterator[None]:
    """A batch makes some hundred thousand objects that live as long as it does, and no cycles: to look through all of
    them again and again costs nearly a third of its time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _hold(context: AccessContext, cases: Sequence[Case]) -> None:
    """Lock whom these are of, all in one order, so that nobody is erased or joined while something of them is written.

    Who was erased since they were opened is nobody's any more.
    """
    if not cases:
        return
    there = hold_persons(context, [case.customer_id for case in cases if case.customer_id is not None])
    for case in cases:
        if case.customer_id not in there:
            case.customer_id = case.held = None
            case.end(Fate.NONE, _GONE)


def _log(context: AccessContext, cases: Sequence[Case], terms: Terms) -> None:
    fates = Counter(case.fate.value for case in cases if case.fate)
    subjects = sorted({case.customer_id for case in cases if case.customer_id is not None})
    detail: dict[str, object] = {"feed": terms.feed_id, "delivery": terms.delivery_id, **fates}
    context.journal.deed(context, "updates.taken", subjects=subjects, detail=detail)
