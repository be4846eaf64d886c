"""What comes in: numbers in every notation, garbage, customer numbers, filters; and the keys they are hidden under."""

import random
from datetime import date

import pytest
from tests.integration.screening.conftest import Company, asking

from trustdesk.clearance import api as clearance
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewValue, Relationship
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import CellKind, Criterion, Fault, Layout, NewFilter, Operator

NOTATIONS = (
    "+36301112222",
    "06 30 111 2222",
    "06-30-111-2222",
    "(06) 30/111-2222",
    "0036 30 1112222",
    "36 30 111 2222",
    "+36 (30) 111-22-22",
)


def test_a_suppressed_number_in_every_notation(company: Company) -> None:
    (customer,) = company.add("+36301112222")
    company.consent(customer)
    company.suppress("06 30 111 2222")
    done = company.screen(company.phones(*NOTATIONS))
    assert [one.fault for one in company.verdicts(done)].count(Fault.NONE) >= len(NOTATIONS) - 1
    assert "permit" not in company.outcomes(done)
    readable = [one for one in company.verdicts(done) if one.fault is Fault.NONE]
    assert {one.outcome for one in readable} == {Outcome.DENY}


@pytest.mark.parametrize("times", [1, 2])
def test_a_token_key_rotated(company: Company, times: int) -> None:
    """The list is not read again: its tokens are carried, as those of the suppression list are."""
    kept, stopped = company.add("+36301112222", "+36301113333")
    company.consent(kept)
    company.consent(stopped)
    company.suppress("+36301113333")
    path = company.phones("+36301112222", "+36301113333")
    assert company.outcomes(company.screen(path)) == ["permit", "deny"]
    for _time in range(times):
        clearance.begin_renesting(company.context(), now=clock.now())
        while not clearance.renest_suppressions(company.context(), chunk=50).finished:
            pass
    again = company.screen(path)
    assert len(company.ask("SELECT 1 FROM screening_list")) == 1, "the list was read twice"
    assert company.outcomes(again) == ["permit", "deny"]


def test_garbage_is_counted_and_can_not_be_decided(company: Company) -> None:
    dice = random.Random(4)
    garbage = ["".join(dice.choice("0123456789abc+-/ ő\t?=") for _ in range(dice.randint(1, 30))) for _ in range(400)]
    garbage += ["=HYPERLINK(1)", "+" * 300, "112", "٠٦٣٠١١١", "+36 30 111 222 333 444 555"]
    (customer,) = company.add("+36301112222")
    company.consent(customer)
    done = company.screen(company.phones(*garbage, "+36301112222"))
    verdicts = company.verdicts(done)
    assert verdicts[-1].outcome is Outcome.PERMIT
    unreadable = [one for one in verdicts if one.fault is Fault.UNREADABLE]
    assert len(unreadable) > 300
    assert {one.outcome for one in unreadable} == {Outcome.UNDECIDED}
    assert sum(done.counts.values()) == len(verdicts)


def test_a_number_that_two_share_comes_to_the_stricter(company: Company) -> None:
    agreed, other = company.add("+36301112222", "+36301112222")
    company.consent(agreed)
    company.consent(other)
    assert company.outcomes(company.screen(company.phones("+36301112222"))) == ["permit"]
    company.withdraw(other)
    done = company.screen(company.phones("+36301112222"))
    assert company.outcomes(done) == ["deny"]
    assert sum(done.counts.values()) == 1


def test_customer_numbers_lead_to_the_customers_points(company: Company) -> None:
    (customer, without) = _numbered(company, ("K-001", "+36301112222"), ("K-002", ""))
    company.consent(customer)
    company.consent(without)
    layout = Layout(columns={"Kundennummer": CellKind.CUSTOMER})
    rows = [{"Kundennummer": number} for number in ("k 001", "K-002", "K-999", "001")]
    done = company.screen(company.write_csv(rows), layout=layout)
    assert company.outcomes(done)[0] == "permit"
    assert [one.fault for one in company.verdicts(done)][1:3] == [Fault.NO_POINT, Fault.UNKNOWN_CUSTOMER]
    assert screening.report(company.context(), done.run_id).faults == {Fault.NO_POINT: 1, Fault.UNKNOWN_CUSTOMER: 2}
    assert sum(done.counts.values()) == len(rows)


def _numbered(company: Company, *people: tuple[str, str]) -> list[int]:
    rows = []
    for number, phone in people:
        values = [NewValue("name", f"Person {number}"), NewValue("customer_number", number)]
        values += [NewValue("phone", phone)] if phone else []
        rows.append(NewCustomer(kind=CustomerKind.PERSON, values=values, country="HU"))
    added = register.add_many(company.context(), rows, source_id=company.source_id, now=clock.now())
    return [outcome.customer_id or 0 for outcome in added.outcomes]


def test_columns_are_said_and_the_others_not_looked_at(company: Company) -> None:
    path = company.write_csv([{"Phone": "+36301112222", "Secret": "nobody must see this"}])
    done = company.screen(path)
    assert [(one.row, one.column) for one in company.verdicts(done)] == [(2, "Phone")]
    with pytest.raises(BadInputError) as fault:
        company.screen(path, layout=Layout(columns={"Telephone": CellKind.PHONE}))
    assert "Telephone" in fault.value.place
    with pytest.raises(BadInputError):
        company.screen(path, layout=Layout(columns={}))


def test_several_columns_each_get_their_verdict(company: Company) -> None:
    (customer,) = company.add("+36301112222")
    company.consent(customer)
    layout = Layout(columns={"A": CellKind.PHONE, "B": CellKind.PHONE, "Mail": CellKind.EMAIL}, country="HU")
    path = company.write_csv([{"A": "06301112222", "B": "06309999999", "Mail": "a@example.com"}])
    found = company.verdicts(company.screen(path, layout=layout))
    assert [one.column for one in found] == ["A", "B"], "a question about calls is none about mails"
    assert found[0].outcome is Outcome.PERMIT
    assert found[1].outcome is not Outcome.PERMIT


def test_a_filter_means_who_is_there_now(company: Company) -> None:
    here = company.add("+36301112222", "+36301113333", language="hu")
    company.add("+358401112222", country="FI", language="hu")
    company.add("+36301114444", language="de")
    lines = (Criterion(":country", Operator.ANY_OF, ("HU",)), Criterion(":language", Operator.NONE_OF, ("de",)))
    new = NewFilter(name="Hungarians", criteria=lines)
    filter_id = screening.save_filter(company.context(), new=new, now=clock.now())
    for customer in here:
        company.consent(customer)
    done = screening.screen_filter(company.context(), filter_id=filter_id, ask=asking(), now=clock.now())
    assert company.outcomes(done) == ["permit", "permit"]
    assert done.rows == 2


def test_a_filter_by_days_and_product_groups(company: Company) -> None:
    old, new = company.add("+36301112222", "+36301113333")
    for customer, since, group in ((old, date(2019, 1, 1), "gas"), (new, date(2025, 6, 1), "energy")):
        register.set_relationship(
            company.context(),
            customer_id=customer,
            relationship=Relationship(customer_since=since, product_groups=(group,)),
            language="hu",
            now=clock.now(),
        )
    lines = (
        Criterion(":customer_since", Operator.FROM, ("2025-01-01",)),
        Criterion(":product_group", Operator.ANY_OF, ("energy", "water")),
        Criterion(":kind", Operator.ANY_OF, ("person",)),
    )
    filter_id = screening.save_filter(
        company.context(),
        new=NewFilter(name="new ones", criteria=lines),
        now=clock.now(),
    )
    done = screening.screen_filter(company.context(), filter_id=filter_id, ask=asking(), now=clock.now())
    assert done.rows == 1
    assert company.ask("SELECT customer_id FROM screening_row") == [(new,)]


@pytest.mark.parametrize(
    "what",
    ["phone", "name", "nothing_of_the_kind", "1=1; DROP TABLE screening_row", "birth_date"],
)
def test_a_filter_asks_for_open_attributes_only(company: Company, what: str) -> None:
    new = NewFilter(name="x", criteria=(Criterion(what, Operator.ANY_OF, ("1",)),))
    with pytest.raises(BadInputError):
        screening.save_filter(company.context(), new=new, now=clock.now())


@pytest.mark.parametrize("value", ["'; DROP TABLE screening_row; --", "{}", "\\", "%s", "a' OR 'a'='a"])
def test_values_of_a_filter_stay_values(company: Company, value: str) -> None:
    company.add("+36301112222")
    new = NewFilter(name="x", criteria=(Criterion(":language", Operator.ANY_OF, (value,)),))
    filter_id = screening.save_filter(company.context(), new=new, now=clock.now())
    done = screening.screen_filter(company.context(), filter_id=filter_id, ask=asking(), now=clock.now())
    assert done.rows == 0


def test_mails_meet_the_register_as_numbers_do(company: Company) -> None:
    rows = [
        NewCustomer(
            kind=CustomerKind.PERSON,
            values=[NewValue("name", "Person Mail"), NewValue("email", "Anna.Kis@Example.com")],
            country="HU",
        ),
    ]
    (outcome,) = register.add_many(company.context(), rows, source_id=company.source_id, now=clock.now()).outcomes
    company.consent(outcome.customer_id or 0, channel=Channel.EMAIL)
    path = company.write_csv([{"Mail": "anna.kis@EXAMPLE.com"}, {"Mail": "else@example.com"}])
    done = screening.screen_file(
        company.context(),
        path=path,
        layout=Layout(columns={"Mail": CellKind.EMAIL}),
        ask=asking(channel=Channel.EMAIL, sender_shown=True, stop_offered=True, labeled_advert=True),
        now=clock.now(),
    )
    outcomes = company.outcomes(done)
    assert outcomes[0] == "permit", screening.report(company.context(), done.run_id).words
    assert outcomes[1] != "permit"
