"""What an erasure deletes, in words: where it lay and what it was. A code without words is shown as it is."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def capability_label(name: str) -> str:
    return {
        "campaigns": _("Campaigns"),
        "switchboard": pgettext("telephone", "Calls"),
        "recordings": _("Recordings"),
        "conversations": _("Conversations"),
        "screening": _("Screenings"),
        "identity": _("Sign-ins of customers"),
        "delivery": _("Delivery"),
        "intake": _("Imports"),
        "clearance": _("Consent and contact"),
        "register": _("Register"),
        "audit": _("Log"),
        "copies": _("Copies of data"),
        "rights": _("Requests"),
        "governance": _("Breaches"),
        "updates": _("Updates"),
    }.get(name, name)


def what_label(what: str) -> str:
    return {
        "attempts": _("Attempts"),
        "callbacks": _("Callbacks asked for"),
        "breaches": _("Names in records of breaches"),
        "call-matches": _("Guesses of who called"),
        "calls": pgettext("telephone", "Calls"),
        "campaign-attempts": _("Attempts of campaigns"),
        "campaign-targets": _("Places in campaigns"),
        "changes": _("Marks of a change"),
        "collections": _("How contact points were obtained"),
        "complaints": _("Complaint files"),
        "confirmations": _("Confirmations asked for"),
        "consent-uses": _("Uses of consents"),
        "consents": _("Consents"),
        "conversations": _("Conversations"),
        "decisions": _("Decisions on contacts"),
        "disclosures": _("Disclosures"),
        "events": _("Lines of the timeline"),
        "imported-rows": _("Rows of imports"),
        "joint-tokens": _("Search tokens of joined records"),
        "links": _("Sign-in links"),
        "list-rows": _("Rows of screened lists"),
        "listenings": _("Permissions to listen"),
        "merges": _("Records joined"),
        "messages": _("Messages"),
        "notes": _("Notes"),
        "numbers": _("Numbers in other conversations"),
        "objections": _("Objections"),
        "offers": _("Guesses in other conversations"),
        "points": _("Tokens of contact points"),
        "recording-copies": _("Copies sent"),
        "recordings": _("Recordings"),
        "records": _("Customer records"),
        "search-tokens": _("Search tokens"),
        "questions": _("Questions asked or spared"),
        "values": _("Values"),
        "verdicts": _("Verdicts of screenings"),
        "visits": _("Visits"),
        "webhook-calls": _("Calls to other systems"),
        "requests": _("Requests of the person, by name"),
        "copies": _("Copies of data"),
        "variants": _("Spellings"),
        "letters": _("Letters"),
        "unsent": _("Letters that did not leave"),
        "systems": _("Connected systems"),
        "found": _("Found there"),
        "silent": _("Systems that did not answer"),
        "erased": _("Erased there"),
        "tables": _("Tables"),
        "files": _("Files"),
        "certificates": _("Certificates"),
        "tokens": _("Tokens in the ledger"),
        "recipients": _("Recipients"),
        "told": _("Recipients called"),
        "living": _("Keys that law keeps"),
        "destroyed": _("Keys destroyed"),
    }.get(what, _of_updates().get(what, capability_label(what)))


def _of_updates() -> dict[str, str]:
    return {
        "update-audits": _("Samples of updates"),
        "update-fields": _("Fields that feeds changed"),
        "update-orders": _("Orders of feeds"),
        "update-reviews": _("Changes to be decided"),
        "updates": _("Changes from feeds"),
        "duplicates": _("Records that may be one"),
        "profiles": _("Tokens by which changes are matched"),
    }


def deleted_label(capability: str, what: str) -> str:
    """Both, as a line of a certificate."""
    return f"{capability_label(capability)} · {what_label(what)}"
