"""Every fact a decision may ask for, with its type and what it means. What is not declared does not exist."""

from dataclasses import dataclass
from datetime import datetime

from trustdesk.decision.contracts import Audience, ConsentStanding


@dataclass(frozen=True, slots=True)
class Declared:
    """Of text, `values` are all there can be, where these are closed. `absent`: what None means; facts without it are
    unknown when None, and a rule that needs them can't be decided.
    """

    kind: type
    meaning: str
    values: tuple[str, ...] = ()
    absent: str = ""
    at_contact: bool = False  # known only at the moment of contact


def _flag(meaning: str, *, at_contact: bool = False) -> Declared:
    return Declared(bool, meaning, at_contact=at_contact)


FACTS: dict[str, Declared] = {
    "country": Declared(str, "Country the person lives in or, of a company, has its seat in (ISO 3166-1 alpha-2)"),
    "point_country": Declared(
        str,
        "Country of the number or address used (ISO 3166-1 alpha-2)",
        absent="the point has none, as an e-mail address; of a number it is unknown",
    ),
    "audience": Declared(str, "As whom the person is addressed", values=tuple(Audience)),
    "restricted": _flag("Processing is restricted (GDPR Art. 18)"),
    "erased": _flag("The person was erased (GDPR Art. 17)"),
    "consent": Declared(
        str,
        "Standing at the instant of the newest event of consent for purpose and channel; the strictest on a tie",
        values=tuple(ConsentStanding),
    ),
    "consent_express": _flag("The consent is an express act: a tick set by the person, a spoken or written sentence"),
    "consent_at": Declared(datetime, "When the consent was given", absent="none was given"),
    "consent_until": Declared(datetime, "Until when the consent was given", absent="it has no end"),
    "objected": _flag("Objected, for everything or for this purpose and channel, and not lifted by a later act"),
    "suppressed": _flag("A token of the person is on the suppression list and no newer act of the person lifts it"),
    "listed": _flag("On an outside list that counts for the countries and the channel"),
    "list_current": _flag("Each such list was refreshed within its validity; true where no list counts"),
    "list_current_until": Declared(datetime, "When the first such refresh ceases to hold", absent="no list counts"),
    "existing_customer": _flag("Bought from this controller before"),
    "point_from_sale": _flag("The number or address was obtained from the person in a sale of goods or services"),
    "told_at_collection": _flag("Told clearly, when it was collected, that objecting is free at any time"),
    "refused_at_collection": _flag("Refused such use when it was collected"),
    "similar_products": _flag("What is offered is the controller's own and similar to what was bought"),
    "asked_for_contact": _flag("The person asked for this contact"),
    "age_ok": _flag("Old enough to consent by the law of the country (GDPR Art. 8), or a parent consented"),
    "lia_done": _flag("A legitimate-interest assessment for the purpose is on record and in force"),
    "attempts_today": Declared(int, "Attempts since midnight at the person's place", at_contact=True),
    "attempts_week": Declared(int, "Attempts since Monday, midnight, at the person's place", at_contact=True),
    "attempts_campaign": Declared(int, "Attempts in this campaign", at_contact=True),
    "inside_window": _flag("Now is inside the hours in which the person may be called", at_contact=True),
    "window_until": Declared(
        datetime, "When that next changes", absent="it does not change by itself", at_contact=True
    ),
}
"""Facts of the person."""

ABOUT: dict[str, Declared] = {
    "product": Declared(str, "What is offered: `mobile_subscription`, `consumer_credit`, … or a group of one's own"),
    "relates_to_duties": _flag("The message essentially relates to the work duties of the employee addressed"),
    "identical_items": Declared(int, "How many addressees get a mailing of identical content"),
    "free_for_recipient": _flag("Receiving it costs the recipient nothing"),
    "sender_shown": _flag("The message names its true sender and on whose behalf it is sent"),
    "stop_offered": _flag("It says how to stop such messages at a valid address, free of charge"),
    "consent_request_only": _flag("The message does nothing but ask for a consent, and nobody asked for more"),
    "labeled_advert": _flag("It can be recognized as advertising at once"),
    "number_shown": _flag("The caller's own number is shown and can be called back"),
    "machine": _flag("A machine speaks or writes by itself (AI system, voice robot, chat robot)"),
    "machine_disclosed": _flag("The person is told at the start that it is a machine"),
}
"""Facts of the undertaking: what is offered and how it is done."""
