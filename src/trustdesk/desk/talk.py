"""From the frozen values of conversations to what a page says. Nothing is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    ComplaintLine,
    ComplaintState,
    Conversation,
    ConversationLine,
    FollowUp,
    Happening,
    Interaction,
    Kind,
    Meaning,
)
from trustdesk.design.conversing import (
    COMPLAINT_TONES,
    KIND_ICONS,
    STATE_TONES,
    complaint_state_label,
    direction_label,
    event_label,
    how_label,
    kind_label,
    meaning_label,
    result_label,
    state_label,
)
from trustdesk.design.happenings import operator_name
from trustdesk.design.queues import queue_names
from trustdesk.design.readable import phone_text
from trustdesk.desk.present import names_of
from trustdesk.desk.talk_forms import IdentifyForm
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public

# Told by the calls, the notes and what is to be done themselves.
_TOLD_ELSEWHERE = frozenset({"began", "ended", "joined", "noted", "disposed", "follow-up", "followed-up"})


_BY_NUMBER = frozenset({Kind.CALL, Kind.SMS})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A conversation in the left pane."""

    line: ConversationLine
    icon: str
    state: str
    tone: str
    marks: Sequence[tuple[str, str, str]]  # words, tone, icon


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in the course of a conversation."""

    at: datetime
    icon: str
    title: str
    by: str
    detail: str = ""
    text: str | None = None
    has_text: bool = False
    going_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to do."""

    follow_up: FollowUp
    label: str
    owner: str
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUp:
    """An interaction that waits for its disposition, and what may be said."""

    interaction: Interaction
    title: str
    by: str
    choices: Sequence[tuple[str, str]]  # code, label


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A complaint file beside its conversation."""

    line: ComplaintLine
    state: str
    tone: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPage:
    """All that the middle pane says."""

    whole: Conversation
    reached_at: str
    icon: str
    kind: str
    state: str
    tone: str
    queue: str
    how: str
    identified_by: str
    assigned: str
    mine: bool
    items: Sequence[Item]
    due: Sequence[Due]
    done: Sequence[Due]
    wrap_ups: Sequence[WrapUp]
    doubted: Sequence[tuple[str, IdentifyForm]]  # calls that came by the reference: which, and whose they were
    files: Sequence[File]


def list_rows(lines: Sequence[ConversationLine], *, now: datetime) -> list[ListRow]:
    return [
        ListRow(
            line=line,
            icon=KIND_ICONS[line.channel],
            state=state_label(line.state),
            tone=STATE_TONES[line.state],
            marks=_marks(line, now),
        )
        for line in lines
    ]


def talk_page(context: AccessContext, whole: Conversation, *, now: datetime) -> TalkPage:
    line = whole.line
    names, queues = names_of(_operators(whole)), queue_names(context)
    labels = {each.code: each.named(get_language() or "en") for each in conversing.dispositions(context, line.queue)}
    due = [_due(each, names, queues, now) for each in whole.follow_ups]
    return TalkPage(
        whole=whole,
        reached_at=phone_text(whole.own_line) if line.channel in _BY_NUMBER and whole.own_line else whole.own_line,
        icon=KIND_ICONS[line.channel],
        kind=kind_label(line.channel),
        state=state_label(line.state),
        tone=STATE_TONES[line.state],
        queue=queues.get(line.queue, line.queue),
        how=how_label(line.how),
        identified_by=operator_name(names, whole.identified_by) if whole.identified_by is not None else "",
        assigned=operator_name(names, line.assigned_to) if line.assigned_to else "",
        mine=line.assigned_to == context.operator_id,
        items=items(whole, names, labels, queues),
        due=[each for each in due if each.follow_up.done_at is None],
        done=[each for each in due if each.follow_up.done_at is not None],
        wrap_ups=[
            WrapUp(
                interaction=each,
                title=_title(each),
                by=operator_name(names, each.wrap_up_by) if each.wrap_up_by else "",
                choices=[
                    (one.code, one.named(get_language() or "en"))
                    for one in conversing.dispositions(context, each.queue)
                ],
            )
            for each in whole.interactions
            if not each.disposition and each.ended_at is not None
        ],
        doubted=_doubted(whole),
        files=[_file(each, now) for each in whole.complaints],
    )


def items(
    whole: Conversation, names: dict[int, str], labels: Mapping[str, str], queues: Mapping[str, str]
) -> list[Item]:
    """In the order of time, newest first. `labels` are those of dispositions, `queues` the names of queues."""
    told = [
        *(_call(each, whole, names, labels) for each in whole.interactions),
        *(
            Item(
                at=each.written_at,
                icon="note",
                title=_("Note"),
                by=operator_name(names, each.written_by),
                text=each.text,
                has_text=True,
            )
            for each in whole.notes
        ),
        *(_event(each, names, queues) for each in whole.happenings if each.kind not in _TOLD_ELSEWHERE),
    ]
    return sorted(told, key=lambda item: item.at, reverse=True)


def _operators(whole: Conversation) -> list[int | None]:
    return [
        whole.identified_by,
        whole.line.assigned_to,
        *(each.operator_id for each in whole.happenings),
        *(each.written_by for each in whole.notes),
        *(each.owner_id for each in whole.follow_ups),
        *(each.wrap_up_by for each in whole.interactions),
        *(joined.operator_id for each in whole.interactions for joined in each.operators),
    ]


def _doubted(whole: Conversation) -> list[tuple[str, IdentifyForm]]:
    """Of a case whose customer is known: calls of which it is not known yet whether the customer made them."""
    customer = whole.line.customer_id
    if customer is None:
        return []
    return [
        (
            f"{_title(each)}, {date_format(localtime(each.started_at), 'SHORT_DATETIME_FORMAT')}",
            IdentifyForm(customer=to_public(customer), interaction=to_public(each.interaction_id)),
        )
        for each in whole.interactions
        if each.unconfirmed
    ]


def _title(one: Interaction) -> str:
    return f"{kind_label(one.kind)}, {direction_label(one.direction)}"


def _call(one: Interaction, whole: Conversation, names: dict[int, str], labels: Mapping[str, str]) -> Item:
    party = next((each.text for each in whole.parties if each.interaction_id == one.interaction_id), None)
    said = [
        phone_text(party) if party and one.kind in _BY_NUMBER else party or "",
        _length(one),
        result_label(one.result) if one.result else _("goes on"),
        labels.get(one.disposition, one.disposition),
        _("by its reference, not confirmed") if one.unconfirmed else "",
    ]
    return Item(
        at=one.started_at,
        icon=KIND_ICONS[one.kind],
        title=_title(one),
        by=", ".join(dict.fromkeys(operator_name(names, each.operator_id) for each in one.operators)),
        detail=" · ".join(part for part in said if part),
        going_on=one.ended_at is None,
    )


def _length(one: Interaction) -> str:
    if one.kind is not Kind.CALL or one.answered_at is None or one.ended_at is None:
        return ""
    minutes, seconds = divmod(int((one.ended_at - one.answered_at).total_seconds()), 60)
    return f"{minutes}:{seconds:02d}"


def _event(each: Happening, names: dict[int, str], queues: Mapping[str, str]) -> Item:
    details = {"requeued": queues.get(each.detail, each.detail), "complaint": each.detail, "replied": each.detail}
    details["brought"] = conversing.grouped(each.detail)
    return Item(
        at=each.at,
        icon="clock",
        title=event_label(each.kind),
        by=operator_name(names, each.operator_id),
        detail=details.get(each.kind, ""),
    )


def _due(each: FollowUp, names: dict[int, str], queues: Mapping[str, str], now: datetime) -> Due:
    return Due(
        follow_up=each,
        label=meaning_label(Meaning(each.meaning)),
        owner=operator_name(names, each.owner_id) if each.owner_id else queues.get(each.queue, each.queue),
        overdue=each.done_at is None and each.due_at <= now,
    )


def _file(each: ComplaintLine, now: datetime) -> File:
    state = each.state(now)
    return File(
        line=each,
        state=complaint_state_label(state),
        tone=COMPLAINT_TONES[state],
        open=state is not ComplaintState.REPLIED,
    )


def _marks(line: ConversationLine, now: datetime) -> list[tuple[str, str, str]]:
    marks = []
    if line.talking:
        marks.append((_("speaking"), "good", "phone"))
    if line.wrap_up:
        marks.append((_("to be wrapped up"), "warn", "edit"))
    if line.complaint:
        marks.append((_("complaint"), "bad", "flag"))
    if line.due_at is not None and line.due_at <= now:
        marks.append((_("due"), "warn", "clock"))
    return marks
