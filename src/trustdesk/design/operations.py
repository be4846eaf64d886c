"""Operations in plain words; the code stands beside them."""

from django.utils.translation import gettext as _


def operation_label(code: str) -> str:
    """What it allows; a code without words is shown as it is."""
    labels = {
        "customer:search": _("Find customers"),
        "customer:open": _("Open customers"),
        "customer:create": _("Create customers"),
        "customer:correct": _("Add and correct values"),
        "customer:confirm": _("Confirm values"),
        "customer:note": _("Write notes"),
        "customer:merge": _("Show records as one, and apart"),
        "customer:lock": _("Restrict to storage"),
        "customer:contact": _("Contact customers where it is permitted"),
        "consent:record": _("Record consents and objections"),
        "clearance:read": _("See the rules of contact"),
        "clearance:manage": _("Change the rules of contact"),
        "delivery:read": _("See what was sent"),
        "delivery:manage": _("Change sender, wordings and other systems"),
        "connector:work": _("Look for customers in connected systems"),
        "connector:manage": _("Connect and disconnect other systems"),
        "campaign:read": _("See campaigns"),
        "campaign:manage": _("Make and start campaigns"),
        "campaign:stop": _("Stop campaigns"),
        "call:take": _("Answer calls"),
        "call:dial": _("Call people where it is permitted"),
        "call:supervise": _("See all calls and figures, and listen in where it is allowed"),
        "conversation:find": _("Find a case by its reference"),
        "conversation:read": _("See conversations and complaints"),
        "conversation:work": _("Work on conversations"),
        "conversation:manage": _("Change dispositions and rules of queues"),
        "complaint:handle": _("Answer complaints"),
        "recording:read": _("See which calls were recorded"),
        "recording:listen": _("Listen to recordings"),
        "recording:export": _("Take recordings out of the house"),
        "erasure:run": _("Approve, hold and prove erasures"),
        "retention:work": _("Say how long what is kept"),
        "recording:hold": _("Keep recordings as evidence"),
        "copy:make": _("Make and hand out the copy of a person's data"),
        "request:take": _("Take in requests of data subjects, and find out who asks"),
        "request:work": _("Work on requests of data subjects"),
        "request:approve": _("Approve and refuse requests for the company; in a processor's mandate: delegated"),
        "telephony:read": _("See numbers, queues and notices"),
        "telephony:manage": _("Change numbers, queues, notices, phones and trunks"),
        "skill:manage": _("Say who answers which queue"),
        "list:preview": _("Try lists"),
        "list:import": _("Import lists"),
        "list:screen": _("Screen lists"),
        "log:read": _("Read the log"),
        "log:export": _("Take the log away"),
        "inventory:read": _("See what is held and why"),
        "seat:read": _("See the seats"),
        "seat:manage": _("Give and end seats and mandates"),
        "token:manage": _("Make and revoke tokens"),
        "operator:invite": _("Invite operators"),
        "operator:disable": _("Disable operators"),
        "operator:recover": _("Recover lost second factors"),
        "health:read": _("See the health of the installation"),
    }
    return {**labels, **_of_updates()}.get(code, code)


def _of_updates() -> dict[str, str]:
    return {
        "feed:manage": _("Connect feeds of changes, and say what they may change"),
        "feed:work": _("Take changes from feeds"),
        "update:read": _("See what feeds changed, and how sure that is"),
        "update:review": _("Decide whose a change is"),
        "update:undo": _("Undo what feeds changed"),
    }
