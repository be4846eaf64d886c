"""The one question of a conversation: what the customer said to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trustdesk.conversations import api as conversing
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.desk.forms import AnswerForm
from trustdesk.desk.views.conversations import ASKED_ID, POINT_OF, asks, customer_beside, show
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.register import api as register
from trustdesk.register.contracts import Answer

UNPROCESSABLE = 422


@require_POST
@entered("customer:confirm")
def weigh(_request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """The page is before an agent's eyes: what it asks counts as asked, and what a feed spared is counted."""
    line = conversing.line(context, conversation_id)
    if line.customer_id is not None and asks(context, line):
        register.weigh_questions(
            context,
            conversation_id=conversation_id,
            customer_id=line.customer_id,
            channel=POINT_OF.get(line.channel),
            now=clock.now(),
        )
    return HttpResponse(status=204)


@require_POST
@entered("customer:confirm")
def answer(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """Still true, different (then what it is now), or not now; then how to reach the customer, as it now stands."""
    line = conversing.line(context, conversation_id)
    if line.customer_id is None:
        raise ConflictError(_("Nobody is identified here any more."), place="customer", mend=_("Load the page again."))
    form = AnswerForm(request.POST, auto_id=ASKED_ID)
    if not form.is_valid():
        raise BadInputError(_("Say what the customer answered."), place="answer", mend=_("Choose one."))
    given, now = form.cleaned_data["answer"], clock.now()
    try:
        register.answer_question(
            context,
            conversation_id=conversation_id,
            customer_id=line.customer_id,
            value_id=form.cleaned_data["value"],
            answer=given,
            text=form.cleaned_data["text"],
            now=now,
        )
    except BadInputError as fault:
        if given is not Answer.CORRECTED:
            raise
        form.add_error("text", f"{fault.message} {fault.mend}".strip())
        if not is_fragment(request):
            return show(request, context, conversation_id, asked=form, status=UNPROCESSABLE)
    else:
        if not is_fragment(request):
            return redirect("desk:conversation", conversation_id=conversation_id)
    values = {"line": line, "beside": customer_beside(context, line, line.customer_id, asked=form, now=now)}
    return render(request, "desk/parts/reach.html", values, status=UNPROCESSABLE if form.errors else 200)
