"""Offers of what is similar to what was bought, without a consent (Dir. 2002/58/EC Art. 13(2)): country by country, and
only where somebody says what is offered.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.clearing import ASSESSMENT, LATER, person
from tests.companies import NOW, Company
from tests.integration.clearance.listed import ecg_list

from trustdesk.clearance.api import assess_purpose, explain, products, record_collection
from trustdesk.clearance.contracts import Collection, Explanation
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.kernel.errors import RefusedError
from trustdesk.register.api import end_relationship, product_groups, set_relationship
from trustdesk.register.contracts import Relationship

PHONES = {"FI": "040 1234567", "DE": "0151 23456789", "AT": "0664 1234567", "HU": "06 20 123 4567", "PL": "512 345 678"}
SOFT = ("FI", "DE", "AT")
"""Countries whose packs let similar offers be sent to customers."""
STRICT = ("HU", "PL")
"""Those that ask for a consent all the same (Grt. 6. § (1); PKE art. 398)."""
BOUGHT = Collection(from_sale=True, told=True, refused=False)


@pytest.fixture(autouse=True)
def _assessed(north: Company, tmp_path: Path) -> None:
    assess_purpose(north.context(), code="offers", assessment=ASSESSMENT, now=NOW)
    ecg_list(north, tmp_path)  # who sends without a consent to Austria asks it first (ECG § 7(2))


def buyer(
    company: Company,
    country: str,
    *,
    obtained: Collection = BOUGHT,
    groups: tuple[str, ...] = ("power",),
) -> int:
    """Somebody who bought, and gave number and address in it."""
    anna = person(company, country=country, email=f"anna@example.{country.lower()}", phone=PHONES[country])
    stands = Relationship(customer_since=NOW.date(), last_sale_date=NOW.date(), product_groups=groups)
    set_relationship(company.context(), customer_id=anna, relationship=stands, now=NOW)
    record_collection(company.context(), customer_id=anna, collection=obtained, at=NOW, now=NOW)
    return anna


def told(company: Company, customer_id: int, product: str = "", *, channel: Channel = Channel.EMAIL) -> Explanation:
    about: dict[str, object] = {"product": product} if product else {}
    return explain(company.context(), customer_id=customer_id, channel=channel, purpose="offers", at=LATER, about=about)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
@pytest.mark.parametrize("country", SOFT)
def test_who_bought_may_be_told_of_the_same_and_of_nothing_else(north: Company, country: str, channel: Channel) -> None:
    anna = buyer(north, country)
    outcomes = {product: told(north, anna, product, channel=channel).outcome for product in ("power", "heat", "")}
    assert outcomes == {"power": Outcome.PERMIT, "heat": Outcome.DENY, "": Outcome.UNDECIDED}


@pytest.mark.parametrize("product", ["power", "heat", ""])
@pytest.mark.parametrize("country", STRICT)
def test_where_the_law_asks_for_a_consent_having_bought_is_none(north: Company, country: str, product: str) -> None:
    assert told(north, buyer(north, country), product).outcome is Outcome.DENY


@pytest.mark.parametrize(
    ("obtained", "outcome"),
    [
        (replace(BOUGHT, from_sale=False), Outcome.DENY),
        (replace(BOUGHT, told=False), Outcome.DENY),
        (replace(BOUGHT, refused=True), Outcome.DENY),
        (replace(BOUGHT, from_sale=None), Outcome.UNDECIDED),
        (replace(BOUGHT, told=None), Outcome.UNDECIDED),
        (replace(BOUGHT, refused=None), Outcome.UNDECIDED),
    ],
)
@pytest.mark.parametrize("country", SOFT)
def test_each_condition_stands_by_itself(north: Company, country: str, obtained: Collection, outcome: Outcome) -> None:
    assert told(north, buyer(north, country, obtained=obtained), "power").outcome is outcome


@pytest.mark.parametrize("country", SOFT)
def test_nobody_knows_what_was_bought_or_nothing_was(north: Company, country: str) -> None:
    assert told(north, buyer(north, country, groups=()), "power").outcome is Outcome.UNDECIDED
    stranger = person(north, country=country, email="nobody@example.com")
    assert told(north, stranger, "power").outcome is Outcome.DENY


def test_who_ended_the_contract_stays_known_and_is_not_guessed_about(north: Company) -> None:
    anna = buyer(north, "FI")
    end_relationship(north.context(), customer_id=anna, now=NOW)
    assert told(north, anna, "power").outcome is Outcome.UNDECIDED


def test_the_answer_says_what_is_offered(north: Company) -> None:
    anna = buyer(north, "DE")
    known = told(north, anna, "power").known
    assert next(iter(known.items())) == ("What is offered", "power")
    assert known["Similar to what was bought"] == "yes"
    missing = told(north, anna)
    assert "What is offered" not in missing.known
    because = [words for line in missing.lines for words in line.because]
    assert "It is not known whether what is offered is similar to what was bought." in because


def test_what_can_be_offered_is_what_somebody_bought_and_what_the_rules_name(north: Company, south: Company) -> None:
    assert products(north.context()).own == []
    buyer(north, "FI", groups=("power", "consumer_credit"))
    buyer(north, "DE", groups=("heat", "power"))
    buyer(south, "HU", groups=("insurance",))
    known = products(north.context())
    assert known.own == product_groups(north.context()) == ["consumer_credit", "heat", "power"]
    assert "mobile_subscription" in known.named_by_rules
    assert "consumer_credit" not in known.named_by_rules
    with pytest.raises(RefusedError):
        products(north.context("customer:open"))
