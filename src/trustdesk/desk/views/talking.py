"""What is done in a conversation: each one call of conversations, then the page as it now stands."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import Disposition, Interaction, Meaning
from trustdesk.design.conversing import direction_label, kind_label
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment, refused
from trustdesk.design.standing import standing_of
from trustdesk.desk.calls import tell_who
from trustdesk.desk.contact import living
from trustdesk.desk.forms import SearchForm
from trustdesk.desk.talk_forms import (
    DisposeForm,
    FollowUpForm,
    IdentifyForm,
    ListForm,
    QueueForm,
    ReferenceForm,
    TalkNoteForm,
)
from trustdesk.desk.views.conversations import asked_for, queues, show
from trustdesk.desk.views.search import SHORTEST
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    RefusedError,
    ThrottledError,
)
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import Hit

UNPROCESSABLE = 422
TOO_MANY = 429


@require_POST
@entered("conversation:find")
def by_reference(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The case of a reference. A miss is said, and counts; it is answered here, so that its entry in the log stays."""
    form = ReferenceForm(request.POST)
    digits = form.cleaned_data["digits"] if form.is_valid() else ""
    try:
        found = conversing.by_reference(
            context, digits=digits, asker=f"operator {context.operator_id}", now=clock.now()
        )
    except ThrottledError as fault:
        messages.error(request, f"{fault.message} {fault.mend}")
        return redirect("desk:conversations")
    if found is None:
        messages.warning(
            request,
            _("No case has this reference. Look at each digit: one wrong one or two that changed places are seen."),
        )
        return redirect("desk:conversations")
    return redirect("desk:conversation", conversation_id=found)


@require_POST
@entered("conversation:work")
def note(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """A note for the next colleague."""
    form = TalkNoteForm(request.POST)
    if not form.is_valid():
        return show(request, context, conversation_id, forms={"note_form": form}, status=UNPROCESSABLE)
    conversing.add_note(context, conversation_id=conversation_id, text=form.cleaned_data["text"], now=clock.now())
    return _done(request, conversation_id, _("Note saved."))


@require_POST
@entered("conversation:work")
def follow_up(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """Something to do on a day."""
    form = FollowUpForm(request.POST, auto_id="follow-%s")
    if not form.is_valid():
        return show(request, context, conversation_id, forms={"follow_form": form}, status=UNPROCESSABLE)
    new = form.new(context.operator_id)
    conversing.follow_up(context, conversation_id=conversation_id, new=new, now=clock.now())
    return _done(request, conversation_id, _("Noted; it comes up on its day."))


@require_POST
@entered("conversation:work")
def follow_up_done(
    request: HttpRequest, context: AccessContext, conversation_id: int, follow_up_id: int
) -> HttpResponse:
    conversing.follow_up_done(context, follow_up_id=follow_up_id, now=clock.now())
    return _done(request, conversation_id, _("Done."))


@require_POST
@entered("conversation:work")
def take(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """Mine from now on; or, given back, the queue's."""
    back = request.POST.get("back") == "yes"
    owner = None if back else context.operator_id
    conversing.assign(context, conversation_id=conversation_id, operator_id=owner, now=clock.now())
    return _done(request, conversation_id, _("Given back to the queue.") if back else _("It is yours."))


@require_POST
@entered("conversation:work")
def requeue(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    form = QueueForm(request.POST, queues=queues(context))
    if not form.is_valid():
        raise BadInputError(_("Say which queue."), place="queue", mend=_("Choose one."))
    conversing.requeue(context, conversation_id=conversation_id, queue=form.cleaned_data["queue"], now=clock.now())
    return _done(request, conversation_id, _("It is in the other queue now."))


@require_POST
@entered("conversation:work")
def wait(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    conversing.wait(context, conversation_id=conversation_id, now=clock.now())
    return _done(request, conversation_id, _("It waits."))


@require_POST
@entered("conversation:work")
def reopen(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    conversing.reopen(context, conversation_id=conversation_id, now=clock.now())
    return _done(request, conversation_id, _("It is open again."))


@require_POST
@entered("conversation:work")
def close(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """Close it, and go to the next one of the list that was chosen."""
    now = clock.now()
    conversing.close(context, conversation_id=conversation_id, now=now)
    messages.success(request, _("Closed."))
    form = ListForm(request.GET, queues=queues(context))
    chosen = form.cleaned_data if form.is_valid() else {}
    following = next((one for one in asked_for(context, chosen) if one.conversation_id != conversation_id), None)
    if following is None:
        return redirect("desk:conversations")
    return _to(request, following.conversation_id)


@require_POST
@entered("conversation:work")
def identify(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """It is this customer, known in this way."""
    form = IdentifyForm(request.POST)
    if not form.is_valid():
        raise BadInputError(
            _("Say who it is, and how that is known."), place="how", mend=_("Choose one way of identifying.")
        )
    now = clock.now()
    conversation_id = conversing.line(context, conversation_id).conversation_id  # a call may have gone to its case
    conversing.identify(
        context,
        conversation_id=conversation_id,
        customer_id=form.cleaned_data["customer"],
        how=form.cleaned_data["how"],
        interaction_id=form.cleaned_data["interaction"],
        now=now,
    )
    tell_who(context, conversation_id=conversation_id, customer_id=form.cleaned_data["customer"])
    return _done(request, conversation_id, _("Filed with the customer."))


@require_POST
@entered("conversation:work")
def take_back(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """It was somebody else."""
    conversing.take_back(context, conversation_id=conversation_id, now=clock.now())
    tell_who(context, conversation_id=conversation_id, customer_id=None)
    return _done(request, conversation_id, _("Taken back: it is nobody's until you say who it is."))


@require_POST
@entered("customer:search")
def who(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """Who it could be: a search beside the conversation. A POST, so no name stands in an address."""
    line = conversing.line(context, conversation_id)
    form = SearchForm(request.POST)
    query = form.cleaned_data["query"] if form.is_valid() else ""
    values = {
        "conversation_id": line.conversation_id,
        "hits": found(request, context, query),
        "query": query,
        "address": reverse("desk:identify", args=[line.conversation_id]),
        "may_work": context.allows("conversation:work"),
    }
    if is_fragment(request):
        return render(request, "desk/parts/who_hits.html", values)
    return render(request, "desk/who.html", values)


def found(request: HttpRequest, context: AccessContext, query: str) -> list[tuple[Hit, IdentifyForm]]:
    """Who is found, each with what says that it is them."""
    if len(query) < SHORTEST:
        return []
    chosen = standing_of(request)
    hits = register.search(context, query, limit=10, country=chosen.country if chosen else "").rows
    return [(hit, IdentifyForm(customer=to_public(hit.customer_id))) for hit in hits]


@require_POST
@entered("conversation:read")
def look(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """The page says every twenty seconds that it is looked at, and whether somebody writes in it."""
    conversing.look(
        context, conversation_id=conversation_id, writing=request.GET.get("writing") == "yes", now=clock.now()
    )
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@entered("conversation:work")
def dispose(request: HttpRequest, context: AccessContext, conversation_id: int, interaction_id: int) -> HttpResponse:
    """What came of it: one question a page, with the fields that this answer asks for."""
    one = _interaction(context, conversation_id, interaction_id)
    said = _said(context, one, request.GET.get("as", ""))
    form = _dispose_form(request, context, one, said)
    if request.method == "POST" and form.is_valid():
        try:
            conversing.dispose(
                context,
                interaction_id=interaction_id,
                disposition=said.code,
                given=form.given(context.operator_id),
                note=form.cleaned_data["note"],
                now=clock.now(),
            )
        except (BadInputError, ConflictError, RefusedError) as fault:
            refused(form, fault)
        else:
            return _done(request, conversation_id, _("Recorded, and done."))
    asked = None
    if said.meaning is Meaning.COMPLAINT:
        asked = conversing.asked(context, conversation_id=conversation_id, now=clock.now())
    values = {
        "form": form,
        "said": said.named(get_language() or "en"),
        "asked": asked,
        "line": conversing.line(context, conversation_id),
        "filters": request.GET.urlencode(),
    }
    return render(request, "desk/dispose.html", values, status=UNPROCESSABLE if form.errors else 200)


def _dispose_form(request: HttpRequest, context: AccessContext, one: Interaction, said: Disposition) -> DisposeForm:
    now = clock.now()
    asked = None
    if said.meaning is Meaning.COMPLAINT:
        asked = conversing.asked(context, conversation_id=one.conversation_id, now=now)
    at = formats.date_format(timezone.localtime(one.started_at), "SHORT_DATETIME_FORMAT")
    return DisposeForm(
        request.POST if request.method == "POST" else None,
        said=said,
        asked=asked,
        purposes=living(context, now) if said.meaning is Meaning.OBJECTION else (),
        submitted=f"{kind_label(one.kind)}, {direction_label(one.direction)}, {at}",
        due_at=now + said.after if said.after else None,
    )


def _interaction(context: AccessContext, conversation_id: int, interaction_id: int) -> Interaction:
    for one in conversing.interactions(context, conversation_id):
        if one.interaction_id == interaction_id:
            return one
    raise NotFoundError(_("There is no such call or message."), place="interaction", mend=_("Load the page again."))


def _said(context: AccessContext, one: Interaction, code: str) -> Disposition:
    for each in conversing.dispositions(context, one.queue):
        if each.code == code:
            return each
    raise NotFoundError(
        _("This queue has no such disposition."), place="disposition", mend=_("Choose one of its dispositions.")
    )


def _done(request: HttpRequest, conversation_id: int, words: str) -> HttpResponseRedirect:
    """What was done, said; then the page, by a redirect that a reload does not repeat."""
    messages.success(request, words)
    return _to(request, conversation_id)


def _to(request: HttpRequest, conversation_id: int) -> HttpResponseRedirect:
    """The conversation, with the list beside it as it was chosen."""
    kept = {name: request.GET[name] for name in ("queue", "state", "mine") if request.GET.get(name)}
    address = reverse("desk:conversation", args=[conversation_id])
    return HttpResponseRedirect(f"{address}?{urlencode(kept)}" if kept else address)
