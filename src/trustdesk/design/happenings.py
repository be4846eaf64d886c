"""Entries of the log as lines a person reads: who, what, for what, when. Used wherever the seal is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.accounts import api as accounts
from trustdesk.audit.contracts import EntryView
from trustdesk.design.conversing import happening_labels as conversing_labels
from trustdesk.design.purposes import purpose_label
from trustdesk.design.recording import recording_labels
from trustdesk.design.retention import retention_labels
from trustdesk.design.rights_log import rights_labels
from trustdesk.design.updates_log import updates_labels
from trustdesk.design.updating import review_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry. `index` is its number in the tree, None while it waits to be numbered."""

    entry_id: int
    index: int | None
    at: datetime
    by: str
    what: str
    code: str
    opening: bool
    purpose: str
    subjects: Sequence[int]
    subject_words: str
    fields: str
    reason: str


def lines(entries: Iterable[EntryView], *, labels: Mapping[str, str] | None = None) -> list[Line]:
    """With the operators' names, asked once; `labels` name the fields."""
    found = list(entries)
    names = accounts.names({entry.operator_id for entry in found if entry.operator_id})
    return [_line(entry, names, labels or {}) for entry in found]


def operator_name(names: dict[int, str], operator_id: int | None) -> str:
    """A name for the eye; operators that are gone, and the machine itself, have words."""
    if not operator_id:
        return _("the system")
    return names.get(operator_id, _("a former colleague"))


def _line(entry: EntryView, names: dict[int, str], labels: Mapping[str, str]) -> Line:
    return Line(
        entry_id=entry.id,
        index=entry.index,
        at=entry.at,
        by=operator_name(names, entry.operator_id) if entry.opened else _("no longer readable"),
        what=what_label(entry.what) if entry.opened else _("The key of this month is destroyed"),
        code=entry.what,
        opening=entry.kind == "opening",
        purpose=purpose_label(entry.purpose) if entry.purpose else "",
        subjects=entry.subjects,
        subject_words=_subjects(entry.subject_count),
        fields=", ".join(labels[field] for field in entry.fields if field in labels),
        reason=entry.reason,
    )


def _subjects(count: int) -> str:
    return ngettext("%(count)d customer", "%(count)d customers", count) % {"count": count} if count else ""


def what_label(what: str) -> str:
    """The deed in words; one that has none yet is shown by its code."""
    labels = {
        "register.card": _("opened the card"),
        "register.age": _("worked out an age"),
        "register.search": _("saw in a search"),
        "register.customers": _("saw in a list"),
        "register.offered": _("saw among those who have the caller's number"),
        "register.history": _("opened all values ever"),
        "register.merge": _("compared two records"),
        "register.employment": _("saw beside the card of another"),
        "register.export": _("exported the data of a customer"),
        "register.companions": _("looked up whose names to black out in the copy of another"),
        "register.reindex": _("renewed the search tokens"),
        "register.tokens.renewed": _("made search tokens of an older version anew"),
        "register.customer.created": _("created the customer"),
        "register.customers.added": _("added customers from a list"),
        "register.value.added": _("added a value"),
        "register.value.confirmed": _("confirmed a value"),
        "register.value.corrected": _("corrected a value"),
        "register.note.added": _("wrote a note"),
        "register.restricted": _("restricted to storage"),
        "register.released": _("lifted a restriction"),
        "register.merged": _("merged two records"),
        "register.unmerged": _("undid a merge"),
        "register.disclosed": _("recorded a disclosure"),
        "register.communicated": _("recorded a contact"),
        "register.notice.given": _("recorded that the notice was given"),
        "register.relationship.set": _("changed the relationship"),
        "register.country.set": _("recorded the country"),
        "register.source.created": _("recorded a source"),
        "register.attribute.declared": _("declared an attribute"),
        "register.catalog.seeded": _("declared the standard attributes"),
        "register.erased": _("erased a customer"),
        "governance.breach.opened": _("took down a breach"),
        "governance.minimised": _("forgot whom a breach touched"),
        "register.freshness.set": _("set for how long a confirmation counts"),
        "register.freshness.counted": _("counted how fresh the register is"),
        "register.questions.weighed": _("found what to ask in a conversation, and what not"),
        "register.question.answered": _("recorded the answer to a question about a contact point"),
        "audit.entries": _("read the log"),
        "audit.export": _("exported the log"),
        "mandate.entered": _("sat down at this company's desk"),
        "mandate.begun": _("began a mandate"),
        "mandate.ended": _("ended a mandate"),
        "seat.given": _("gave a seat"),
        "seat.ended": _("ended a seat"),
        "token.created": _("made a token"),
        "token.revoked": _("revoked a token"),
        "controller.created": _("created the company"),
        "controller.prepared": _("prepared the company"),
        "vault.provisioned": _("made the company's keys"),
        "vault.key.destroyed": _("destroyed a customer's key"),
        "vault.rotation.begun": _("began to renew the keys"),
        "vault.rotation.ended": _("renewed the keys"),
        "vault.suppression.nested": _("renewed the key of the suppression list"),
    }
    return (labels | _rooms()).get(what, what)


def _rooms() -> dict[str, str]:
    labels = _clearance_labels() | _delivery_labels() | _screening_labels() | _campaign_labels()
    labels |= _proof_labels() | _intake_labels() | review_labels() | _taken_over_labels()
    labels |= conversing_labels() | recording_labels() | _telephony_labels() | _call_labels()
    labels |= retention_labels() | _copy_labels() | rights_labels() | _erasure_labels()
    labels |= updates_labels()
    return labels


def _taken_over_labels() -> dict[str, str]:
    return {
        "register.known_as": _("compared with what a feed says"),
        "register.change_values": _("opened to take over what a feed says"),
        "register.take_back": _("opened to take changes of a feed back"),
        "register.remove_fed": _("opened to remove what feeds gave"),
        "register.values.removed": _("removed what feeds gave, by order of a source"),
        "register.values.changed": _("took over what a feed says"),
        "register.values.taken_back": _("took changes of a feed back"),
    }


def _proof_labels() -> dict[str, str]:
    return {
        "proof.prepared": _("sealed what will be looked for after an erasure"),
        "proof.code.handed_out": _("handed out the code to a certificate"),
        "proof.scan.begun": _("began to look for what an erasure might have left"),
        "proof.scan.ended": _("looked everywhere after an erasure"),
        "proof.sought": _("looked for what an erasure might have left"),
        "proof.reached": _("went on looking where it had stopped"),
        "proof.others": _("looked into others' notes for somebody who was erased"),
        "proof.hits": _("saw what was found after an erasure"),
        "proof.clear": _("looked again for what was removed"),
        "proof.hit.cleared": _("cleared what was found after an erasure"),
        "proof.hit.justified": _("said why something found may stay"),
        "proof.certificate.issued": _("issued a certificate of erasure"),
        "certificate": _("named a certificate by its digest"),
    }


def _intake_labels() -> dict[str, str]:
    return {
        "intake.mapping.saved": _("saved a mapping of columns"),
        "intake.mapping.deleted": _("deleted a mapping of columns"),
        "intake.begun": _("began an import"),
        "intake.stopped": _("stopped an import"),
        "intake.finished": _("finished an import"),
        "intake.erased": _("erased from which lists customers came"),
        "intake.cancelled": _("cancelled an import"),
        "intake.list": _("opened an uploaded list"),
    }


def _screening_labels() -> dict[str, str]:
    return {
        "screening.begun": _("began a screening"),
        "screening.resumed": _("took up a screening again"),
        "screening.stopped": _("a screening stopped"),
        "screening.cancelled": _("cancelled a screening"),
        "screening.finished": _("finished a screening"),
        "screening.handed_over": _("handed out the verdicts of a screening"),
        "screening.list.begun": _("gave a list to be screened"),
        "screening.list.read": _("finished reading a list to be screened"),
        "screening.list.forgotten": _("deleted rows and verdicts of a screened list"),
        "screening.erased": _("erased customers from screened lists"),
        "screening.filter.saved": _("saved a filter"),
        "screening.snapshot.taken": _("copied identifiers and tokens for a screening"),
        "screening.snapshot.deleted": _("deleted the copy made for a screening"),
    }


def _campaign_labels() -> dict[str, str]:
    return {
        "campaigns.created": _("made a campaign"),
        "campaigns.started": _("started a campaign"),
        "campaigns.paused": _("a campaign was paused"),
        "campaigns.resumed": _("let a campaign go on"),
        "campaigns.ended": _("a campaign ended"),
        "campaigns.cancelled": _("cancelled a campaign"),
        "campaigns.erased": _("erased customers from campaigns"),
    }


def _copy_labels() -> dict[str, str]:
    return {
        "copy.ordered": _("ordered the copy of a customer's data"),
        "copy.made": _("made the copy of a customer's data"),
        "copy.sent": _("sent a customer the link to the copy of their data"),
        "copy.download": _("opened the copy of a customer's data"),
        "copy.downloaded": _("handed out the copy of a customer's data"),
        "copy.destroyed": _("destroyed the copy of a customer's data"),
        "copy.erased": _("destroyed the copies of customers who were erased"),
    }


def _erasure_labels() -> dict[str, str]:
    return {
        "register.cut": _("looked for an erased person in notes about somebody else"),
        "register.notes.cut": _("cut an erased person out of notes"),
        "conversations.cut": _("cut an erased person out of a conversation"),
        "erasure.drawn": _("opened a plan of erasure"),
        "erasure.drawn_anew": _("a plan of erasure was drawn anew"),
        "erasure.changed": _("a plan of erasure changed and needs a new approval"),
        "erasure.carried": _("a basis fell, and another one carries the data"),
        "erasure.approved": _("approved an erasure"),
        "erasure.dismissed": _("dismissed a plan of erasure"),
        "erasure.held": _("an erasure is held"),
        "erasure.hold.released": _("released an erasure"),
        "erasure.released": _("a held erasure goes on"),
        "erasure.begun": _("an erasure began"),
        "erasure.failed": _("a step of an erasure failed"),
        "erasure.resumed": _("a failed erasure was tried again"),
        "erasure.finished": _("an erasure was carried out"),
        "erasure.ledger": _("entered an erased person in the ledger"),
        "erasure.cut": _("looked by which words an erased person is known"),
        "erasure.replayed": _("an erasure was done again after a restore"),
        "erasure.received": _("recorded that a recipient knows of an erasure"),
        "erasure.kept_long_enough": _("forgot what a law had kept"),
        "erasure.sighting.seen": _("looked at an alarm: an erased person nearly came back"),
    }


def _call_labels() -> dict[str, str]:
    return {
        "switchboard.erased": _("erased which calls customers had"),
        "switchboard.forgotten": _("forgot calls that are too old"),
        "switchboard.dial": _("opened a number to call it"),
        "switchboard.callback.settled": _("called back, or could not"),
        "switchboard.overhearing.begun": _("began to listen in to a call"),
        "switchboard.overhearing.ended": _("ended listening in to a call"),
    }


def _telephony_labels() -> dict[str, str]:
    return {
        "announcements.notice.saved": _("saved a call notice"),
        "announcements.words.saved": _("saved words for callers"),
        "telephony.number.set": _("set how a number is answered"),
        "telephony.number.removed": _("took a number away"),
        "telephony.queue.set": _("set a queue"),
        "telephony.queue.removed": _("took a queue away"),
        "telephony.menu.set": _("set a menu"),
        "telephony.menu.removed": _("took a menu away"),
        "telephony.skill.set": _("said who answers a queue"),
        "telephony.agreement.given": _("agreed to be recorded"),
        "telephony.agreement.withdrawn": _("took back the agreement to be recorded"),
        "telephony.reach.set": _("said where may be called"),
    }


def _clearance_labels() -> dict[str, str]:
    return {
        "clearance.collection.recorded": _("recorded how an address came to us"),
        "clearance.consent.requested": _("recorded that a consent was asked for"),
        "clearance.consent.given": _("recorded a consent"),
        "clearance.consent.refused": _("recorded that a consent was refused"),
        "clearance.consent.withdrawn": _("recorded a withdrawal"),
        "clearance.consent.expired": _("recorded that a consent has run out"),
        "clearance.consent.presumed": _("recorded a presumed interest"),
        "clearance.objection.recorded": _("recorded an objection"),
        "clearance.objection.lifted": _("recorded that an objection was taken back"),
        "clearance.suppression.suppressed": _("put a number or address on the suppression list"),
        "clearance.suppression.lifted": _("took a number or address off the suppression list"),
        "clearance.suppression.looked_up": _("looked up a number or address in the suppression list"),
        "clearance.suppression.renested": _("carried the suppression list to a new key"),
        "clearance.list.declared": _("declared a list kept by others"),
        "clearance.list.loaded": _("loaded a list kept by others"),
        "clearance.notice.published": _("published a notice"),
        "clearance.policy.adopted": _("adopted the company's own policy"),
        "clearance.purpose.declared": _("declared a purpose"),
        "clearance.purpose.assessed": _("assessed the legitimate interests"),
        "clearance.purpose.retired": _("ended a purpose"),
        "clearance.recipient.declared": _("declared a recipient"),
        "clearance.recipient.ended": _("ended a recipient"),
        "clearance.recipient.address": _("said where a recipient is told of erasures"),
        "clearance.points": _("opened the contact points to ask whether they are suppressed"),
        "clearance.words": _("opened the words of consents and objections"),
        "clearance.erased": _("erased what clearance held of a customer"),
        "identity.entered": _("was let in by a link"),
        "identity.left": _("left the own page"),
        "identity.form": _("took in a form that asks for a consent"),
    }


def _delivery_labels() -> dict[str, str]:
    return {
        "delivery.message": _("opened an address to send a message"),
        "delivery.webhook": _("opened values to tell another system"),
        "delivery.export": _("exported the messages of a customer"),
        "delivery.queued": _("put a message into the outbox"),
        "delivery.handed": _("handed a message over"),
        "delivery.told": _("told other systems"),
        "delivery.noticed": _("wrote to a recipient of data"),
        "delivery.notice.received": _("a recipient of data said that a letter has arrived"),
        "delivery.settled-as-sent": _("found out that a message arrived"),
        "delivery.ordered-again": _("ordered a message to be sent again"),
        "delivery.erased": _("erased what was sent to customers"),
        "delivery.template.published": _("published a wording"),
        "delivery.sender.set": _("set as whom the company writes"),
        "feed.set": _("declared a feed"),
        "feed.secret": _("made a secret for a feed's messages"),
        "feed.paused": _("paused a feed"),
        "feed.resumed": _("took a feed up again"),
        "feed.asked": _("had a feed asked"),
        "feed.started-over": _("had a feed asked from its start"),
        "feed.removed": _("took a feed away"),
        "feed.received": _("took in a delivery of a feed"),
        "feed.delivery": _("read a delivery of a feed"),
        "feed.stopped": _("stopped a feed: the brake"),
        "feed.went_on": _("had a delivery applied that the brake had stopped"),
        "feed.discarded": _("discarded a delivery of a feed"),
        "feed.retried": _("had a delivery of a feed tried again"),
        "feed.failed": _("could not apply a delivery of a feed"),
        "feed.done": _("applied a delivery of a feed"),
        "outside.person": _("looked up by what a customer is known elsewhere"),
        "outside.previewed": _("tried what an erasure would do in a connected system"),
        "outside.find": _("looked for a person in a connected system"),
        "outside.export": _("had a connected system hand out a person's data"),
        "outside.rectify": _("put a person's data right in a connected system"),
        "outside.erase": _("erased a person in a connected system"),
        "outside.verify": _("looked again whether a connected system holds a person"),
        "outside.withdrawn": _("asked connected systems no more for something"),
        "outside.connector.set": _("declared a connected system"),
        "outside.connector.tried": _("tried a connected system"),
        "outside.connector.paused": _("paused a connected system"),
        "outside.connector.resumed": _("took a connected system up again"),
        "outside.connector.removed": _("took a connected system away"),
        "delivery.endpoint.made": _("made an endpoint"),
        "delivery.endpoint.rotated": _("changed the secret of an endpoint"),
        "delivery.endpoint.disabled": _("switched an endpoint off"),
        "delivery.endpoint.enabled": _("switched an endpoint on"),
    }
