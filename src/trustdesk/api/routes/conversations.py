"""Conversations: opened, found by their reference, identified, and what came of each call or message."""

from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.common import Instant, Limit, PathId, identifier
from trustdesk.api.schemas.conversations import (
    ConversationForm,
    ConversationReceipt,
    ConversationShown,
    DispositionGiven,
    DispositionShown,
    EndForm,
    FollowUpForm,
    FollowUpReceipt,
    FoundCase,
    IdentificationForm,
    InteractionForm,
    InteractionReceipt,
    NoteForm,
    NoteReceipt,
    Queue,
    ReferenceForm,
    WholeConversation,
)
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import State
from trustdesk.kernel.clock import now
from trustdesk.kernel.ids import to_public

router = Router(tags=["conversations"])


@router.post("/conversations", response={201: ConversationReceipt}, operation_id="open_conversation")
@writes("conversation:work")
def open_conversation(request: CallingRequest, form: ConversationForm) -> Written:
    """Open a conversation with somebody who is not identified yet. Read it to see its reference."""
    opened = conversing.open_conversation(request.auth, new=form.read(), now=now())
    address = f"/api/v1/conversations/{to_public(opened.conversation_id)}"
    return Written(201, ConversationReceipt(conversation_id=opened.conversation_id), address)


@router.get("/conversations", response=list[ConversationShown], operation_id="list_conversations")
@reads("conversation:read")
def conversations(
    request: CallingRequest,
    state: State | None = None,
    queue: Queue | None = None,
    before: Instant | None = None,
    limit: Limit = 50,
) -> list[ConversationShown]:
    """Those that changed last, newest first; `before` an instant of change for what comes after. Opens nothing."""
    found = conversing.conversations(request.auth, state=state, queue=queue or "", before=before, limit=limit)
    return [ConversationShown.of(line) for line in found]


@router.post("/conversations/by-reference", response=FoundCase, operation_id="find_conversation")
@reads("conversation:find")
def by_reference(request: CallingRequest, form: ReferenceForm) -> FoundCase:
    """The case of a reference. It finds a case and identifies nobody. Every miss counts; guessing is stopped (429)."""
    asker = f"token {request.auth.session_id}"
    found = conversing.by_reference(request.auth, digits=form.reference, asker=asker, now=now())
    return FoundCase(conversation_id=found)


@router.get("/conversations/{conversation_id}", response=WholeConversation, operation_id="read_conversation")
@reads("conversation:read")
def conversation(request: CallingRequest, conversation_id: PathId) -> WholeConversation:
    """All that is in a conversation: one logged opening."""
    return WholeConversation.of(conversing.conversation(request.auth, identifier(conversation_id)))


@router.post(
    "/conversations/{conversation_id}/interactions",
    response={201: InteractionReceipt},
    operation_id="begin_interaction",
)
@writes("conversation:work")
def begin(request: CallingRequest, conversation_id: PathId, form: InteractionForm) -> Written:
    """A call or message begins."""
    interaction_id = conversing.begin_interaction(
        request.auth, conversation_id=identifier(conversation_id), new=form.read(), now=now()
    )
    return Written(201, InteractionReceipt(interaction_id=interaction_id))


@router.post("/interactions/{interaction_id}/end", response={200: InteractionReceipt}, operation_id="end_interaction")
@writes("conversation:work")
def end(request: CallingRequest, interaction_id: PathId, form: EndForm) -> Written:
    """It is over. A second time it changes nothing."""
    identified = identifier(interaction_id)
    conversing.end_interaction(
        request.auth, interaction_id=identified, result=form.result, ended_at=form.ended_at, now=now()
    )
    return Written(200, InteractionReceipt(interaction_id=identified))


@router.post(
    "/interactions/{interaction_id}/disposition",
    response={200: InteractionReceipt},
    operation_id="dispose_interaction",
)
@writes("conversation:work")
def dispose(request: CallingRequest, interaction_id: PathId, form: DispositionGiven) -> Written:
    """What came of it, and what that means is done: a follow-up, an objection, a complaint file."""
    identified = identifier(interaction_id)
    conversing.dispose(
        request.auth,
        interaction_id=identified,
        disposition=form.disposition,
        given=form.read(),
        note=form.note,
        now=now(),
    )
    return Written(200, InteractionReceipt(interaction_id=identified))


@router.post(
    "/conversations/{conversation_id}/identification",
    response={200: ConversationReceipt},
    operation_id="identify_conversation",
)
@writes("conversation:work")
def identify(request: CallingRequest, conversation_id: PathId, form: IdentificationForm) -> Written:
    """It is this customer, known in this way."""
    identified = identifier(conversation_id)
    conversing.identify(request.auth, conversation_id=identified, customer_id=form.customer_id, how=form.how, now=now())
    return Written(200, ConversationReceipt(conversation_id=identified))


@router.delete(
    "/conversations/{conversation_id}/identification",
    response={200: ConversationReceipt},
    operation_id="take_identification_back",
)
@writes("conversation:work")
def take_back(request: CallingRequest, conversation_id: PathId) -> Written:
    """It was somebody else: nobody's again."""
    identified = identifier(conversation_id)
    conversing.take_back(request.auth, conversation_id=identified, now=now())
    return Written(200, ConversationReceipt(conversation_id=identified))


@router.post(
    "/conversations/{conversation_id}/notes", response={201: NoteReceipt}, operation_id="add_conversation_note"
)
@writes("conversation:work")
def note(request: CallingRequest, conversation_id: PathId, form: NoteForm) -> Written:
    """Write a note."""
    note_id = conversing.add_note(
        request.auth,
        conversation_id=identifier(conversation_id),
        text=form.text,
        interaction_id=form.interaction_id,
        now=now(),
    )
    return Written(201, NoteReceipt(note_id=note_id))


@router.post(
    "/conversations/{conversation_id}/follow-ups", response={201: FollowUpReceipt}, operation_id="add_follow_up"
)
@writes("conversation:work")
def follow_up(request: CallingRequest, conversation_id: PathId, form: FollowUpForm) -> Written:
    """Something to do on a day, by whoever works the queue."""
    identified = identifier(conversation_id)
    made = conversing.follow_up(request.auth, conversation_id=identified, new=form.read(), now=now())
    return Written(201, FollowUpReceipt(follow_up_id=made))


@router.post("/follow-ups/{follow_up_id}/done", response={200: FollowUpReceipt}, operation_id="finish_follow_up")
@writes("conversation:work")
def follow_up_done(request: CallingRequest, follow_up_id: PathId) -> Written:
    """It is done."""
    identified = identifier(follow_up_id)
    conversing.follow_up_done(request.auth, follow_up_id=identified, now=now())
    return Written(200, FollowUpReceipt(follow_up_id=identified))


@router.post(
    "/conversations/{conversation_id}/close", response={200: ConversationReceipt}, operation_id="close_conversation"
)
@writes("conversation:work")
def close(request: CallingRequest, conversation_id: PathId) -> Written:
    """Nothing more is to be done in it."""
    identified = identifier(conversation_id)
    conversing.close(request.auth, conversation_id=identified, now=now())
    return Written(200, ConversationReceipt(conversation_id=identified))


@router.post(
    "/conversations/{conversation_id}/reopen", response={200: ConversationReceipt}, operation_id="reopen_conversation"
)
@writes("conversation:work")
def reopen(request: CallingRequest, conversation_id: PathId) -> Written:
    """Open it again."""
    identified = identifier(conversation_id)
    conversing.reopen(request.auth, conversation_id=identified, now=now())
    return Written(200, ConversationReceipt(conversation_id=identified))


@router.get("/dispositions", response=list[DispositionShown], operation_id="list_dispositions")
@reads("conversation:read")
def dispositions(request: CallingRequest, queue: Queue | None = None) -> list[DispositionShown]:
    """What may be said came of a call or message in a queue."""
    return [DispositionShown.of(one) for one in conversing.dispositions(request.auth, queue or "")]
