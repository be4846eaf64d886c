"""Restricted and released, shown as one and apart, given to others: by another system, each once, each in the log."""

import uuid

import pytest
from tests.forgetting import forget
from tests.integration.api.calling import PERSON, Caller, Company, add_customer

from trustdesk.api.idempotency import REPLAYED
from trustdesk.kernel.ids import to_public


@pytest.fixture
def customer(north: Company) -> str:
    return f"/customers/{to_public(add_customer(north))}"


@pytest.fixture
def looking(caller: Caller, north: Company) -> Caller:
    """A system that may not lift a restriction: what is restricted it does not see."""
    token = north.token("customer:open", "customer:search", "customer:confirm")
    return Caller(caller.base, token.secret, client=caller.client)


def last(path: str) -> str:
    return path.rpartition("/")[2]


def kinds(caller: Caller, customer: str) -> list[str]:
    return [event["kind"] for event in caller.get(f"{customer}/timeline").json()["items"]]


class TestRestriction:
    def test_a_customer_is_restricted_and_released(self, caller: Caller, looking: Caller, customer: str) -> None:
        restricted = caller.post(f"{customer}/restriction", {"ground": "d"})
        assert (restricted.status_code, restricted.json()) == (200, {"customer_id": last(customer)})
        shown = looking.get(customer)
        assert shown.json()["restriction"]["ground"] == "d"
        assert PERSON not in shown.text
        assert {value["text"] for value in shown.json()["values"]} == {None}
        assert caller.get(customer).json()["name"] == PERSON  # who may lift it may see what it is about
        released = caller.delete(f"{customer}/restriction")
        assert (released.status_code, released.json()) == (200, {"customer_id": last(customer)})
        assert looking.get(customer).json()["name"] == PERSON
        assert looking.get(customer).json()["restriction"] is None
        assert kinds(caller, customer)[:2] == ["released", "restricted"]

    def test_one_value_is_restricted_and_the_others_are_not(
        self,
        caller: Caller,
        looking: Caller,
        customer: str,
    ) -> None:
        values = {value["attribute"]: value["value_id"] for value in caller.get(customer).json()["values"]}
        path = f"{customer}/values/{values['phone']}/restriction"
        assert caller.post(path, {"ground": "a"}).json() == {"customer_id": last(customer), "value_id": values["phone"]}
        shown = {value["attribute"]: value for value in looking.get(customer).json()["values"]}
        assert (shown["phone"]["text"], shown["phone"]["restricted"], shown["name"]["text"]) == (None, True, PERSON)
        assert caller.delete(path).status_code == 200
        shown = {value["attribute"]: value for value in looking.get(customer).json()["values"]}
        assert (shown["phone"]["text"], shown["phone"]["restricted"]) == ("+358401234567", False)

    @pytest.mark.parametrize(
        "form",
        [{}, {"ground": "law"}, {"ground": "e"}, {"ground": None}, {"ground": "a", "x": 1}],
    )
    def test_there_are_four_grounds(self, caller: Caller, customer: str, form: dict[str, object]) -> None:
        assert caller.post(f"{customer}/restriction", form).status_code == 422
        assert caller.get(customer).json()["restriction"] is None

    def test_who_was_erased_is_neither_restricted_nor_released(self, caller: Caller, north: Company) -> None:
        customer_id = add_customer(north)
        forget("register", north.context(), customer_id)
        path = f"/customers/{to_public(customer_id)}/restriction"
        assert caller.post(path, {"ground": "a"}).status_code == 404
        assert caller.delete(path).status_code == 404

    def test_a_repeated_release_is_done_once(self, caller: Caller, customer: str) -> None:
        caller.post(f"{customer}/restriction", {"ground": "c"})
        key = str(uuid.uuid4())
        first = caller.delete(f"{customer}/restriction", key=key)
        caller.post(f"{customer}/restriction", {"ground": "b"})
        again = caller.delete(f"{customer}/restriction", key=key)
        assert (again.content, again.headers[REPLAYED]) == (first.content, "?1")
        assert caller.get(customer).json()["restriction"]["ground"] == "b"

    def test_a_neighbor_restricts_nobody_here(self, neighbor: Caller, caller: Caller, customer: str) -> None:
        value = caller.get(customer).json()["values"][0]["value_id"]
        for path in (f"{customer}/restriction", f"{customer}/values/{value}/restriction"):
            assert neighbor.post(path, {"ground": "a"}).status_code == 404
            assert neighbor.delete(path).status_code == 404
        assert caller.get(customer).json()["restriction"] is None


class TestMerging:
    def test_two_are_one_and_apart_again(self, caller: Caller, north: Company, customer: str) -> None:
        other = f"/customers/{to_public(add_customer(north, name='Aino Virtanen'))}"
        before = [caller.get(path).json()["values"] for path in (customer, other)]
        merged = caller.post(f"{customer}/merges", {"customer_id": last(other), "reason": "same person"})
        assert merged.status_code == 201, merged.text
        assert set(merged.json()) == {"customer_id", "merge_id"}
        card = caller.get(other).json()
        assert (card["customer_id"], card["merged_from"]) == (last(customer), [last(other)])
        (record,) = caller.get(f"{other}/merges").json()
        assert (record["into_id"], record["customer_id"], record["reason"], record["undone_at"]) == (
            last(customer),
            last(other),
            "same person",
            None,
        )
        assert record["merge_id"] == merged.json()["merge_id"]
        undone = caller.delete(f"/merges/{record['merge_id']}")
        assert (undone.status_code, undone.json()) == (200, {"merge_id": record["merge_id"]})
        assert [caller.get(path).json()["values"] for path in (customer, other)] == before
        (record,) = caller.get(f"{customer}/merges").json()
        assert record["undone_at"].endswith("Z")
        assert record["undone_by"]

    def test_a_merge_has_its_conditions(self, caller: Caller, north: Company, customer: str) -> None:
        other = to_public(add_customer(north, name="Aino Virtanen"))
        path = f"{customer}/merges"
        itself = {"customer_id": last(customer), "reason": "x"}
        assert caller.post(path, itself).status_code == 422
        assert caller.post(path, {"customer_id": "0000000000001", "reason": "x"}).status_code == 404
        assert caller.post(path, {"customer_id": other, "reason": ""}).status_code == 422
        caller.post(f"/customers/{other}/restriction", {"ground": "a"})
        refused = caller.post(path, {"customer_id": other, "reason": "x"})
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        caller.delete(f"/customers/{other}/restriction")
        merge_id = caller.post(path, {"customer_id": other, "reason": "x"}).json()["merge_id"]
        assert caller.delete(f"/merges/{merge_id}").status_code == 200
        assert caller.delete(f"/merges/{merge_id}").status_code == 409

    def test_a_neighbor_neither_merges_nor_undoes(
        self,
        caller: Caller,
        neighbor: Caller,
        north: Company,
        south: Company,
        customer: str,
    ) -> None:
        other = to_public(add_customer(north, name="Aino Virtanen"))
        ours = {"customer_id": last(customer), "reason": "x"}
        assert neighbor.post(f"/customers/{south.customer}/merges", ours).status_code == 404
        assert neighbor.post(f"{customer}/merges", {"customer_id": south.customer, "reason": "x"}).status_code == 404
        merge_id = caller.post(f"{customer}/merges", {"customer_id": other, "reason": "x"}).json()["merge_id"]
        assert neighbor.get(f"{customer}/merges").status_code == 404
        assert neighbor.delete(f"/merges/{merge_id}").status_code == 404
        assert caller.get(f"{customer}/merges").json()[0]["undone_at"] is None


class TestDisclosures:
    def form(self, *value_ids: str, **changes: object) -> dict[str, object]:
        return {
            "value_ids": list(value_ids),
            "recipient": "Posti Oy",
            "purpose": "dpv:DeliveryOfGoods",
            "legal_basis": "eu-gdpr:A6-1-b",
            **changes,
        }

    def test_what_was_given_to_whom_is_entered_and_read(self, caller: Caller, customer: str) -> None:
        values = {value["attribute"]: value["value_id"] for value in caller.get(customer).json()["values"]}
        entered = caller.post(f"{customer}/disclosures", self.form(values["name"], values["phone"]))
        assert entered.status_code == 201, entered.text
        entries = {entry["disclosure_id"]: entry for entry in caller.get(f"{customer}/disclosures").json()}
        assert [entries[number]["attribute"] for number in entered.json()["disclosure_ids"]] == ["name", "phone"]
        assert {entry["recipient"] for entry in entries.values()} == {"Posti Oy"}
        assert kinds(caller, customer)[0] == "disclosed"

    def test_a_repeated_entry_is_made_once(self, caller: Caller, customer: str) -> None:
        value = caller.get(customer).json()["values"][0]["value_id"]
        key = str(uuid.uuid4())
        answers = [caller.post(f"{customer}/disclosures", self.form(value), key=key) for _time in range(2)]
        assert answers[0].content == answers[1].content
        assert len(caller.get(f"{customer}/disclosures").json()) == 1

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"recipient": " "}, 422),
            ({"recipient": ""}, 422),
            ({"purpose": None}, 422),
            ({"value_ids": []}, 422),
            ({"value_ids": ["0000000000001"]}, 404),
            ({"value_ids": ["x"]}, 422),
        ],
    )
    def test_what_does_not_fit_is_not_entered(
        self,
        caller: Caller,
        customer: str,
        changes: dict[str, object],
        status: int,
    ) -> None:
        value = caller.get(customer).json()["values"][0]["value_id"]
        response = caller.post(f"{customer}/disclosures", self.form(value, **changes))
        assert response.status_code == status, response.text
        assert caller.get(f"{customer}/disclosures").json() == []

    def test_a_neighbor_s_values_are_not_entered(
        self,
        caller: Caller,
        neighbor: Caller,
        south: Company,
        customer: str,
    ) -> None:
        ours = caller.get(customer).json()["values"][0]["value_id"]
        theirs = neighbor.get(f"/customers/{south.customer}").json()["values"][0]["value_id"]
        assert neighbor.post(f"/customers/{south.customer}/disclosures", self.form(ours)).status_code == 404
        assert neighbor.post(f"{customer}/disclosures", self.form(theirs)).status_code == 404
        assert caller.get(f"{customer}/disclosures").json() == []
