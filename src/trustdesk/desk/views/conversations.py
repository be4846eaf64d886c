"""Conversations at the desk: the list, one of them in the middle, and with whom it is beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    CONVERSATION,
    CONVERSATIONS,
    VIEWING,
    Conversation,
    ConversationLine,
    Kind,
    State,
)
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.happenings import operator_name
from trustdesk.design.queues import queue_choices, queue_names
from trustdesk.design.streams import streamed
from trustdesk.desk.forms import AnswerForm
from trustdesk.desk.present import ValueRow, names_of, value_row
from trustdesk.desk.talk import list_rows, talk_page
from trustdesk.desk.talk_forms import FollowUpForm, IdentifyForm, ListForm, QueueForm, ReferenceForm, TalkNoteForm
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.kernel.ids import to_public
from trustdesk.live.contracts import Thing
from trustdesk.register import api as register
from trustdesk.register.contracts import Card, ValueKind

SHOWN = 100
ASKED_ID = "asked-%s"
_AHEAD = timedelta(hours=12)
POINT_OF = {
    Kind.CALL: ValueKind.PHONE,
    Kind.SMS: ValueKind.PHONE,
    Kind.EMAIL: ValueKind.EMAIL,
    Kind.LETTER: ValueKind.ADDRESS,
    Kind.CHAT: ValueKind.HANDLE,
}


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """The one question of the conversation; `changed`: what is right is to be said."""

    row: ValueRow
    changed: bool
    form: AnswerForm


@require_GET
@entered("conversation:read")
def conversations(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The list with its filters; beside it what waits for this operator. Opens nothing."""
    now = clock.now()
    values: dict[str, object] = {"list": listed(request, context, now=now)}
    if is_fragment(request):
        return render(request, "desk/parts/conversation_list.html", values)
    waiting = conversing.pending_wrap_up(context, context.operator_id)
    due = conversing.follow_ups_due(context, until=now + _AHEAD, owner_id=context.operator_id, limit=20)
    values |= {
        "wrap_ups": [(one, conversing.line(context, one.conversation_id)) for one in waiting],
        "due": [(one, one.due_at <= now) for one in due],
    }
    return render(request, "desk/conversations.html", values)


@require_GET
@entered("conversation:read")
def conversation(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """One conversation: one logged opening, and one of the customer's card where it is known who that is."""
    return show(request, context, conversation_id)


def show(
    request: HttpRequest,
    context: AccessContext,
    conversation_id: int,
    *,
    forms: Mapping[str, object] | None = None,
    asked: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The conversation as it now stands; also the answer where something typed can't be taken."""
    now = clock.now()
    whole = conversing.conversation(context, conversation_id)
    values: dict[str, object] = {
        "list": listed(request, context, now=now),
        "talk": talk_page(context, whole, now=now),
        "beside": _beside(context, whole, asked=asked, now=now),
        "viewers": viewing(context, conversation_id, now=now),
        "may_work": context.allows("conversation:work"),
        "may_hear": context.allows("recording:read"),
        "may_handle": context.allows("complaint:handle"),
        "note_form": TalkNoteForm(),
        "follow_form": FollowUpForm(auto_id="follow-%s"),
        "queue_form": QueueForm(queues=queues(context, but=whole.line.queue)),
        **(forms or {}),
    }
    return render(request, "desk/conversation.html", values, status=status)


@require_GET
@entered("conversation:read")
def course(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """What happened in it, asked for again when somebody changed it. One logged opening."""
    whole = conversing.conversation(context, conversation_id)
    return render(request, "desk/parts/course.html", {"talk": talk_page(context, whole, now=clock.now())})


@require_GET
@entered("conversation:read")
def viewers(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """Who else looks at it just now."""
    line = conversing.line(context, conversation_id)
    shown = viewing(context, conversation_id, now=clock.now())
    return render(request, "desk/parts/viewers.html", {"viewers": shown, "conversation_id": line.conversation_id})


@streamed("conversation:read")
def changes(_request: HttpRequest, _context: AccessContext) -> Iterable[Thing]:
    """Tells that the list changed."""
    return [Thing(CONVERSATIONS, 0)]


@streamed("conversation:read")
def changed(_request: HttpRequest, context: AccessContext, conversation_id: int) -> Iterable[Thing]:
    """Tells that one conversation changed."""
    return [Thing(CONVERSATION, conversing.line(context, conversation_id).conversation_id)]


@streamed("conversation:read")
def looking(_request: HttpRequest, context: AccessContext, conversation_id: int) -> Iterable[Thing]:
    """Tells that somebody came to look, went, or writes."""
    return [Thing(VIEWING, conversing.line(context, conversation_id).conversation_id)]


def listed(request: HttpRequest, context: AccessContext, *, now: datetime) -> dict[str, object]:
    """The left pane, as the address asks for it."""
    form = ListForm(request.GET, queues=queues(context))
    chosen: Mapping[str, Any] = form.cleaned_data if form.is_valid() else {}
    lines = asked_for(context, chosen)
    kept = {name: value for name, value in chosen.items() if value}
    filters = request.GET.copy()
    filters.clear()
    filters.update({name: "on" if value is True else str(value) for name, value in kept.items()})
    return {
        "form": form,
        "rows": list_rows(lines, now=now),
        "filters": filters.urlencode(),
        "reference_form": ReferenceForm(),
        "may_find": context.allows("conversation:find"),
        "may_search": context.allows("customer:search"),
    }


def queues(context: AccessContext, *, but: str | None = None) -> Sequence[tuple[str, str]]:
    """Those of conversations, as a form offers them."""
    return queue_choices(queue_names(context), [each for each in conversing.queues(context) if each != but])


def asked_for(context: AccessContext, chosen: Mapping[str, Any]) -> Sequence[ConversationLine]:
    """Without a state: what is not closed, the newest change first."""
    mine = context.operator_id if chosen.get("mine") else None
    wanted = [State(chosen["state"])] if chosen.get("state") else [State.OPEN, State.WAITING]
    found = [
        one
        for state in wanted
        for one in conversing.conversations(
            context, queue=chosen.get("queue", ""), state=state, assigned_to=mine, limit=SHOWN
        )
    ]
    return sorted(found, key=lambda one: (one.changed_at, one.conversation_id), reverse=True)[:SHOWN]


def viewing(context: AccessContext, conversation_id: int, *, now: datetime) -> list[tuple[str, bool]]:
    others = conversing.viewers(context, conversation_id, now=now)
    names = names_of(each.operator_id for each in others)
    return [(operator_name(names, each.operator_id), each.writing) for each in others]


def _beside(
    context: AccessContext, whole: Conversation, *, asked: AnswerForm | None, now: datetime
) -> dict[str, object]:
    """The customer, as far as it is known and may be seen; else who it could be."""
    if not context.allows("customer:open"):
        return {"closed": True}
    if whole.line.customer_id is not None:
        return customer_beside(context, whole.line, whole.line.customer_id, asked=asked, now=now)
    matches = register.offered(context, whole.matches) if whole.matches else ()
    return {
        "matches": [(hit, IdentifyForm(customer=to_public(hit.customer_id))) for hit in matches],
        "may_search": context.allows("customer:search"),
    }


def customer_beside(
    context: AccessContext, line: ConversationLine, customer_id: int, *, asked: AnswerForm | None = None, now: datetime
) -> dict[str, object]:
    """The customer's card beside the conversation; `asked`: an answer that could not be taken. One logged opening."""
    try:
        card = register.card(context, customer_id, now=now)
    except (NotFoundError, RefusedError):
        return {"closed": True}
    return {
        "card": card,
        "contact": [value_row(value, now=now) for value in card.contact_points],
        "question": _question(context, line, card, asked, now=now),
        "asks": asks(context, line),
        "may_correct": context.allows("customer:correct"),
        "earlier": list_rows(conversing.conversations(context, customer_id=customer_id, limit=6), now=now),
    }


def asks(context: AccessContext, line: ConversationLine) -> bool:
    """Whether somebody works on the conversation who may hear an answer, and the customer is known."""
    may = context.allows("conversation:work") and context.allows("customer:confirm")
    return may and line.state is not State.CLOSED and line.customer_id is not None


def _question(
    context: AccessContext, line: ConversationLine, card: Card, asked: AnswerForm | None, *, now: datetime
) -> QuestionRow | None:
    """The one thing to ask."""
    if not asks(context, line):
        return None
    channel = POINT_OF.get(line.channel)
    one = register.question(context, conversation_id=line.conversation_id, card=card, channel=channel)
    if one is None:
        return None
    again = AnswerForm(initial={"text": one.value.text}, auto_id=ASKED_ID)
    form = asked if asked is not None and asked.errors else again
    return QuestionRow(value_row(one.value, now=now), one.changed, form)
