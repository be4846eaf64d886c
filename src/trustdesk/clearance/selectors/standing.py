"""What a row of facts means: from what the database knows to the names that the rules ask by."""

from collections.abc import Mapping
from datetime import datetime

from trustdesk.clearance.contracts import POINT_OF_CHANNEL
from trustdesk.clearance.packs import packs
from trustdesk.clearance.selectors.facts import Asked, Known
from trustdesk.clearance.selectors.setup import Setup
from trustdesk.decision.api import outside_lists
from trustdesk.decision.contracts import Audience, ConsentStanding
from trustdesk.register.contracts import CustomerKind

AUDIENCES: Mapping[str, str] = {
    CustomerKind.PERSON.value: Audience.CONSUMER.value,
    CustomerKind.SOLE_TRADER.value: Audience.SOLE_TRADER.value,
    CustomerKind.NAMED_EMPLOYEE.value: Audience.NAMED_EMPLOYEE.value,
    CustomerKind.COMPANY.value: Audience.COMPANY.value,
}


def standing(known: Known, at: datetime) -> ConsentStanding:
    """What the history of consent comes to.

    The newest thing the person said counts. A presumption never outweighs it: it counts where the person said nothing
    yet, or where a consent ran out before the facts were recorded. A request by itself changes nothing.
    """
    if known.said in {"refused", "withdrawn"}:
        return ConsentStanding(known.said)
    if known.said == "given" and (known.said_until is None or known.said_until > at):
        return ConsentStanding.GIVEN
    ended_at = None
    if known.said is not None:
        ended_at = known.said_until if known.said == "given" else known.said_at
    if known.presumed_at is not None and (ended_at is None or known.presumed_at > ended_at):
        return ConsentStanding.PRESUMED
    if known.said is not None:
        return ConsentStanding.EXPIRED
    return ConsentStanding.REQUESTED if known.requested else ConsentStanding.NONE


def facts(asked: Asked, known: Known, setup: Setup, *, point_country: str | None, product: object) -> dict[str, object]:
    """The facts by the names of `decision.api.FACTS`; those of the moment of contact are added by whoever contacts."""
    consent = standing(known, asked.at)
    given = consent is ConsentStanding.GIVEN
    stranger = not asked.customer_id
    found: dict[str, object] = {
        "country": known.country,
        "point_country": point_country,
        "audience": AUDIENCES[known.customer_kind] if known.customer_kind else None,
        "restricted": bool(known.restricted),
        "erased": known.customer_kind is None and not stranger,
        "consent": consent.value,
        "consent_express": given and bool(known.said_express),
        "consent_at": known.said_at if given else None,
        "consent_until": known.said_until if given else None,
        "objected": known.objected,
        "suppressed": known.suppressed,
        "existing_customer": bool(known.bought),
        "point_from_sale": known.from_sale,
        "told_at_collection": known.told,
        "refused_at_collection": known.refused,
        "asked_for_contact": bool(known.asked),
        "similar_products": None if product is None or not known.product_groups else product in known.product_groups,
        "age_ok": known.said_of_age if given else True,
        "lia_done": asked.purpose.assessed(asked.at),
    }
    countries = {known.country, point_country} - {None}
    found.update(_lists(asked, known, setup, countries))
    if not given and _on_an_own_list(asked, known, setup, countries):
        found["suppressed"] = True
    return found


def _lists(asked: Asked, known: Known, setup: Setup, countries: set[str | None]) -> dict[str, object]:
    """Whether an outside list that counts has the person, and whether all that count are fresh enough to say so."""
    counting = outside_lists(
        packs(), setup.policy, countries={each for each in countries if each}, channel=asked.channel, at=asked.at
    )
    hits = set(known.listed or ())
    listed, current, until = False, True, None
    for rule in counting:
        held = setup.lists.get(rule.id)
        if held is None or held.load_id is None:
            current = current and not rule.loadable
            continue
        listed = listed or held.load_id in hits
        if rule.refresh_holds is not None and held.about.refreshed_at is not None:
            ends = held.about.refreshed_at + rule.refresh_holds
            current = current and ends > asked.at
            until = ends if until is None else min(until, ends)
    return {"listed": listed, "list_current": current, "list_current_until": until}


def _on_an_own_list(asked: Asked, known: Known, setup: Setup, countries: set[str | None]) -> bool:
    """A list that belongs to no rule is the company's own choice: whoever is on it is as good as suppressed, until the
    person agrees.
    """
    if not known.listed:
        return False
    kind = POINT_OF_CHANNEL[asked.channel]
    return any(
        held.own and held.load_id in known.listed and held.about.kind is kind and held.about.country in countries | {""}
        for held in setup.lists.values()
    )
