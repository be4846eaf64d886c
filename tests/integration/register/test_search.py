"""What is asked at the desk, and what is found, opened and logged."""

import pytest
from django.db import connection
from tests.companies import NOW, Company

from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.register.api import add_note, customers, lock, search
from trustdesk.register.contracts import RestrictionGround


def names(company: Company, query: str) -> list[str]:
    return [hit.name for hit in search(company.context(), query).rows]


@pytest.mark.parametrize(
    "query",
    [
        *("Mäkelä", "makela", "MÄKELÄ", "mak", "Mäk", "jussi makela", "Jussi", "Ylöjärvi", "makela ylojarvi"),
        *("040 123 4568", "+358 40 1234568", "0401234568", "00358401234568", "makela 0401234568"),
        *("jussi.makela@example.com", "JUSSI.MAKELA@EXAMPLE.COM"),
        *("17.3.1981", "1981-03-17", "makela 17.3.1981", "A-4711"),
        *("makela j", "makela ju", "jussi makela y", "makela 0401234568 j"),
    ],
)
def test_every_notation_finds_the_customer(north: Company, query: str) -> None:
    north.person(
        given_name="Jussi",
        family_name="Mäkelä",
        phone="040 123 4568",
        email="jussi.makela@example.com",
        birth_date="17.3.1981",
        town="Ylöjärvi",
        customer_number="A-4711",
    )
    assert names(north, query) == ["Jussi Mäkelä"]


@pytest.mark.parametrize("query", ["Kovács Jánosné", "kovacs janosne", "Kovács János", "Jánosné Kovács"])
def test_hungarian_names_are_found_in_either_order(south: Company, query: str) -> None:
    south.person(name="Kovács Jánosné")
    assert names(south, query) == ["Kovács Jánosné"]


@pytest.mark.parametrize("query", ["", "  ", "zz", "'; DROP TABLE register_token; --", "%", "\x00"])
def test_what_finds_nobody_opens_nothing(north: Company, query: str) -> None:
    before = entries()
    result = search(north.context(), query)
    assert (result.rows, result.total_at_least, result.truncated) == ([], 0, False)
    assert entries() == before


def test_a_begun_word_narrows_as_soon_as_it_can(north: Company) -> None:
    north.person(given_name="Jussi", family_name="Mäkelä")
    north.person(given_name="Anna", family_name="Mäkelä")
    assert names(north, "makela a") == ["Anna Mäkelä", "Jussi Mäkelä"]
    assert names(north, "makela ann") == ["Anna Mäkelä"]


def test_inside_a_transaction_the_search_sees_what_it_wrote(north: Company) -> None:
    customer_id = north.person(name="Virtanen Ilmari")
    context = north.context()
    with scoped(context.scope):
        lock(context, customer_id=customer_id, ground=RestrictionGround.ACCURACY_CONTESTED, now=NOW)
        assert [hit.restricted for hit in search(context, "virtanen ilmari").rows] == [True]


def test_inside_a_transaction_of_another_company_it_is_refused(north: Company, south: Company) -> None:
    context, other = north.context(), south.context()
    with scoped(other.scope), pytest.raises(RefusedError):
        search(context, "makela")


def test_after_a_search_the_connection_is_in_no_scope(north: Company) -> None:
    north.person(name="Mäkelä")
    assert names(north, "makela") == ["Mäkelä"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(current_setting('trustdesk.scope', true), '') FROM register_customer")
        assert cursor.fetchone() == (0, "")


def test_hits_stand_in_order_of_name_and_are_one_entry(north: Company) -> None:
    for name in ("Örnqvist Bo", "Örnqvist Aino", "Ornqvist Cia"):
        north.person(name=name)
    before = entries()
    assert names(north, "ornqvist") == ["Örnqvist Aino", "Örnqvist Bo", "Ornqvist Cia"]
    assert entries() == before + 1


def test_the_neighbor_finds_nothing(north: Company, south: Company) -> None:
    north.person(name="Onlynorth Anna", phone="+358405551111")
    assert names(north, "onlynorth")
    assert names(south, "onlynorth") == []
    assert names(south, "+358405551111") == []
    assert customers(south.context(), after=0, limit=10) == []


def test_a_restricted_customer_is_a_line_without_a_name(north: Company) -> None:
    customer = north.person(name="Restricted Rita")
    lock(north.context(), customer_id=customer, ground=RestrictionGround.ACCURACY_CONTESTED, now=NOW)
    before = entries()
    hit = search(north.context("customer:search"), "restricted rita").rows[0]
    assert (hit.customer_id, hit.name, hit.detail, hit.restricted) == (customer, "", "", True)
    assert entries() == before
    assert search(north.context(), "restricted rita").rows[0].name == "Restricted Rita"


def test_notes_are_found_by_their_words(north: Company) -> None:
    customer = north.person(name="Noted Nora")
    add_note(north.context(), customer_id=customer, text="asks about the zeppelin tariff", now=NOW)
    assert names(north, "zeppelin") == ["Noted Nora"]


def test_customers_are_paged_by_id(north: Company) -> None:
    made = sorted(north.person(name=f"Paged {number}") for number in range(5))
    page = customers(north.context(), after=made[0] - 1, limit=3)
    assert [hit.customer_id for hit in page] == made[:3]
    assert [hit.customer_id for hit in customers(north.context(), after=made[2], limit=3)] == made[3:]


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_list_has_its_bounds(north: Company, limit: int) -> None:
    with pytest.raises(BadInputError):
        search(north.context(), "anna", limit=limit)


def test_searching_needs_the_operation(north: Company) -> None:
    with pytest.raises(RefusedError):
        search(north.context("customer:open"), "anna")


def test_a_token_stands_once_a_customer(north: Company) -> None:
    customer = north.person(given_name="Anna", family_name="Anna", town="Anna")
    with scoped(north.context().scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT token) FROM register_token WHERE customer_id = %s", [customer])
        total, distinct = cursor.fetchone()
    assert total == distinct > 0


def entries() -> int:
    """Entries of the log as its sequencer may count them: committed ones of all companies."""
    from trustdesk.isolation.api import raw_pool  # noqa: PLC0415

    with raw_pool("sequencer").connection() as raw:
        row = raw.execute("SELECT count(*) FROM audit_entry WHERE kind = 'opening'").fetchone()
    assert row is not None
    return int(row[0])
