"""An order of non-disclosure: contact data are given to nobody outside, whatever the person agreed to."""

from dataclasses import replace

import pytest
from tests.clearing import DAY, LATER, consent, person
from tests.companies import NOW, Company

from trustdesk.clearance.api import declare_recipient, disclose
from trustdesk.clearance.contracts import NewRecipient, NotClearedError, RecipientRole
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Registry, Secrecy
from trustdesk.register.api import card

PARTNER = NewRecipient(
    name="Partner Oy",
    role=RecipientRole.THIRD_PARTY,
    country="FI",
    purposes=("news",),
    categories=("dpv:PersonalData",),
)


class Ordered:
    def __init__(self, customer_id: int) -> None:
        self._customer_id = customer_id

    def secret(self, context: AccessContext, customer_ids: object) -> frozenset[int]:
        del context, customer_ids
        return frozenset({self._customer_id})


def test_a_third_party_gets_none_and_a_processor_does(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    aino = person(north, email="aino@example.com")
    held = {value.attribute: value.value_id for value in card(north.context(), aino, now=NOW).values}
    consent(north, aino, None)
    orders: Registry[Secrecy] = Registry("orders of secrecy")
    orders.register("tests", Ordered(aino))
    monkeypatch.setattr(registries, "secrecy", orders)

    def give(recipient_id: int, *attributes: str) -> int:
        return len(
            disclose(
                north.context(),
                customer_id=aino,
                value_ids=[held[attribute] for attribute in attributes],
                recipient_id=recipient_id,
                purpose="news",
                now=LATER + DAY,
            )
        )

    partner = declare_recipient(north.context(), recipient=PARTNER, now=NOW)
    with pytest.raises(NotClearedError) as refused:
        give(partner, "email")
    assert "DISCLOSE-SECRECY" in {reason.rule_id for reason in refused.value.verdict.reasons}
    printer = replace(PARTNER, name="Printing House", role=RecipientRole.PROCESSOR)
    assert give(declare_recipient(north.context(), recipient=printer, now=NOW), "email") == 1
