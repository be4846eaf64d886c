"""What others may ask of conversations: threads, calls and messages, what came of them, complaints.

Each function takes the access context first and works under its signed scope; writes take `now`, do one transaction and
leave their deed in it. All raise RefusedError where the context does not carry the operation named in their text, and
NotFoundError for what can't be seen from its company. Law: GDPR Art. 5, 15, 17, 18, 21; of complaints, the rule packs.

A reference finds a case and never identifies a person. Until somebody is identified, what is said is sealed under a key
of the conversation's own (docs/adr/0023). What a legal hold keeps is neither forgotten nor deleted until it is released
(docs/adr/0025).
"""

from trustdesk.conversations.references import fresh, grouped, read
from trustdesk.conversations.selectors.complaints import complaint, complaints, escalations
from trustdesk.conversations.selectors.lists import (
    conversations,
    follow_ups_due,
    interactions,
    line,
    pending_wrap_up,
    timeline,
)
from trustdesk.conversations.selectors.overheard import conversations_of, free_texts, took_part
from trustdesk.conversations.selectors.pending import pending
from trustdesk.conversations.selectors.whole import conversation
from trustdesk.conversations.services.bringing import bring_to_case, standings
from trustdesk.conversations.services.catalog import (
    dispositions,
    queue_rules,
    queues,
    save_dispositions,
    save_queue_rules,
    standard,
)
from trustdesk.conversations.services.complaining import asked, copy_given, extend, reply
from trustdesk.conversations.services.cutting import cut_texts, overheard
from trustdesk.conversations.services.disposing import dispose
from trustdesk.conversations.services.finding import by_any_reference, by_reference, of_reference
from trustdesk.conversations.services.identifying import identify, note_matches, take_back
from trustdesk.conversations.services.interacting import begin_interaction, end_interaction, join, leave
from trustdesk.conversations.services.keeping import let_go, stand_still
from trustdesk.conversations.services.opening import begin_conversation, open_conversation
from trustdesk.conversations.services.presence import leave_page, look, viewers
from trustdesk.conversations.services.steering import assign, close, reopen, requeue, wait
from trustdesk.conversations.services.writing import add_note, follow_up, follow_up_done

__all__ = [
    "add_note",
    "asked",
    "assign",
    "begin_conversation",
    "begin_interaction",
    "bring_to_case",
    "by_any_reference",
    "by_reference",
    "close",
    "complaint",
    "complaints",
    "conversation",
    "conversations",
    "conversations_of",
    "copy_given",
    "cut_texts",
    "dispose",
    "dispositions",
    "end_interaction",
    "escalations",
    "extend",
    "follow_up",
    "follow_up_done",
    "follow_ups_due",
    "free_texts",
    "fresh",
    "grouped",
    "identify",
    "interactions",
    "join",
    "leave",
    "leave_page",
    "let_go",
    "line",
    "look",
    "note_matches",
    "of_reference",
    "open_conversation",
    "overheard",
    "pending",
    "pending_wrap_up",
    "queue_rules",
    "queues",
    "read",
    "reopen",
    "reply",
    "requeue",
    "save_dispositions",
    "save_queue_rules",
    "stand_still",
    "standard",
    "standings",
    "take_back",
    "timeline",
    "took_part",
    "viewers",
    "wait",
]
