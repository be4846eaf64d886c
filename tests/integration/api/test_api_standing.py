"""Values added, notices recorded, relationships begun and ended, and whom a notice is due: by another system, once."""

import uuid
from datetime import timedelta

import pytest
from tests.integration.api.calling import Caller, Company, add_customer

from trustdesk.api.idempotency import REPLAYED
from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import NewSource, SourceKind

GIVEN_AT = "2026-11-01T08:00:00Z"


@pytest.fixture
def customer(north: Company) -> str:
    return f"/customers/{to_public(add_customer(north))}"


@pytest.fixture
def listed(north: Company) -> str:
    """A source that is not the customer: the Art. 14 clock runs for whoever comes from it."""
    source = NewSource(kind=SourceKind.IMPORT, name=f"CRM {uuid.uuid4()}", legal_basis="eu-gdpr:A6-1-f")
    return to_public(register.create_source(north.context(), source=source, now=clock.now()))


def uninformed(caller: Caller, source: str, days: int = 0) -> str:
    """Somebody from elsewhere, collected some days ago."""
    collected = (clock.now() - timedelta(days=days)).isoformat()
    form = {"kind": "person", "values": [{"attribute": "name", "text": "Eino Leino"}], "source_id": source}
    made = caller.post("/customers", form | {"collected_at": collected})
    assert made.status_code == 201, made.text
    return str(made.json()["customer_id"])


def due(caller: Caller, source: str, **more: str | int) -> list[str]:
    page = caller.get("/notices/due", **({"limit": 200} | more)).json()
    return [item["customer_id"] for item in page["items"] if item["source_id"] == source]


class TestValues:
    def form(self, caller: Caller, customer: str, **changes: object) -> dict[str, object]:
        source = caller.get(customer).json()["values"][0]["source"]["source_id"]
        return {"attribute": "phone", "text": "040 765 4321", "label": "work", "source_id": source} | changes

    def test_one_more_stands_beside_the_others_with_its_origin(self, caller: Caller, customer: str) -> None:
        form = self.form(caller, customer, confirmed_by="customer", confirmed_at=GIVEN_AT)
        added = caller.post(f"{customer}/values", form)
        assert added.status_code == 201, added.text
        assert added.headers["Location"] == f"/api/v1{customer}"
        assert set(added.json()) == {"customer_id", "value_id"}
        phones = [value for value in caller.get(customer).json()["values"] if value["attribute"] == "phone"]
        assert {value["text"] for value in phones} == {"+358401234567", "+358407654321"}
        (new,) = [value for value in phones if value["value_id"] == added.json()["value_id"]]
        assert (new["label"], new["confirmed_by"], new["source"]["source_id"]) == (
            "work",
            "customer",
            form["source_id"],
        )
        found = caller.post("/customers/search", {"query": "040 765 4321"}).json()["items"]
        assert customer.rpartition("/")[2] in {hit["customer_id"] for hit in found}

    def test_the_same_request_twice_adds_one(self, caller: Caller, customer: str) -> None:
        form, key = self.form(caller, customer), str(uuid.uuid4())
        first, again = (caller.post(f"{customer}/values", form, key=key) for _time in range(2))
        assert (again.content, again.headers[REPLAYED]) == (first.content, "?1")
        texts = [value["text"] for value in caller.get(customer).json()["values"]]
        assert texts.count("+358407654321") == 1

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"attribute": "shoe_size"}, 422),
            ({"text": "not a phone"}, 422),
            ({"text": ""}, 422),
            ({"source_id": "0000000000001"}, 404),
            ({"source_id": None}, 422),
            ({"nickname": "x"}, 422),
        ],
    )
    def test_what_does_not_fit_is_not_added(
        self,
        caller: Caller,
        customer: str,
        changes: dict[str, object],
        status: int,
    ) -> None:
        before = caller.get(customer).json()["values"]
        answer = caller.post(f"{customer}/values", self.form(caller, customer, **changes))
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert caller.get(customer).json()["values"] == before

    def test_a_neighbor_s_source_is_none(self, caller: Caller, south: Company, customer: str) -> None:
        form = self.form(caller, customer, source_id=south.source)
        assert caller.post(f"{customer}/values", form).status_code == 404


class TestNotices:
    def test_whom_it_is_due_and_that_it_was_given(self, caller: Caller, listed: str) -> None:
        late, later = uninformed(caller, listed, days=20), uninformed(caller, listed)
        assert due(caller, listed) == [late, later]
        week = (clock.now() + timedelta(days=15)).isoformat()
        assert due(caller, listed, before=week) == [late]
        given = caller.post(f"/customers/{late}/notices", {"kind": "art14", "version": "2026-1", "given_at": GIVEN_AT})
        assert given.status_code == 201, given.text
        assert given.json() == {"customer_id": late}
        assert due(caller, listed) == [later]
        card = caller.get(f"/customers/{late}").json()
        assert card["notice"] == {"kind": "art14", "version": "2026-1", "given_at": GIVEN_AT}
        assert card["art14_due_at"] is None

    def test_the_list_is_read_part_by_part(self, caller: Caller, listed: str) -> None:
        made = [uninformed(caller, listed) for _person in range(5)]
        seen, following = [], ""
        while True:
            page = caller.get("/notices/due", limit=2, **({"cursor": following} if following else {})).json()
            seen += [item["customer_id"] for item in page["items"] if item["source_id"] == listed]
            following = page["next"]
            if not following:
                break
        assert sorted(seen) == sorted(made)

    @pytest.mark.parametrize(
        "changes",
        [{"version": " "}, {"given_at": "2199-01-01T00:00:00Z"}, {"kind": "art15"}, {"given_at": "today"}],
    )
    def test_what_does_not_fit_is_not_recorded(self, caller: Caller, listed: str, changes: dict[str, object]) -> None:
        customer = uninformed(caller, listed)
        form = {"kind": "art14", "version": "2026-1", "given_at": GIVEN_AT} | changes
        answer = caller.post(f"/customers/{customer}/notices", form)
        assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
        assert due(caller, listed) == [customer]

    def test_a_neighbor_sees_no_clock_of_ours(self, caller: Caller, neighbor: Caller, listed: str) -> None:
        uninformed(caller, listed)
        assert due(neighbor, listed) == []

    @pytest.mark.parametrize("before", ["soon", "2026-11-01", ""])
    def test_an_instant_is_an_instant(self, caller: Caller, before: str) -> None:
        assert caller.get("/notices/due", before=before).status_code == 422


class TestRelationship:
    def standing(self, caller: Caller, customer: str) -> tuple[object, object, object, object]:
        card = caller.get(customer).json()
        stands = card["relationship"]
        return stands["customer_since"], stands["last_sale_date"], tuple(stands["product_groups"]), card["language"]

    def test_it_begins_changes_and_ends(self, caller: Caller, customer: str) -> None:
        path = f"{customer}/relationship"
        assert self.standing(caller, customer) == (None, None, (), "")
        begun = {"customer_since": "2026-01-05", "last_sale_date": "2026-01-05", "product_groups": ["power"]}
        answer = caller.post(path, begun | {"language": "fi"})
        assert (answer.status_code, answer.json()) == (200, {"customer_id": customer.rpartition("/")[2]})
        assert self.standing(caller, customer) == ("2026-01-05", "2026-01-05", ("power",), "fi")
        caller.post(path, begun | {"last_sale_date": "2026-10-01", "product_groups": ["power", "heat"]})
        assert self.standing(caller, customer) == ("2026-01-05", "2026-10-01", ("power", "heat"), "fi")
        key = str(uuid.uuid4())
        ended = caller.delete(path, key=key)
        assert ended.status_code == 200
        assert self.standing(caller, customer) == (None, "2026-10-01", (), "fi")
        caller.post(path, begun)
        again = caller.delete(path, key=key)
        assert (again.content, again.headers[REPLAYED]) == (ended.content, "?1")
        assert self.standing(caller, customer)[0] == "2026-01-05"
        events = [event["kind"] for event in caller.get(f"{customer}/timeline").json()["items"]]
        assert events.count("relationship") == 4

    @pytest.mark.parametrize(
        "form",
        [{"customer_since": "yesterday"}, {"language": "no language"}, {"product_groups": [""]}, {"since": "x"}],
    )
    def test_what_does_not_fit_changes_nothing(self, caller: Caller, customer: str, form: dict[str, object]) -> None:
        assert caller.post(f"{customer}/relationship", form).status_code == 422
        assert self.standing(caller, customer) == (None, None, (), "")
