"""The day's work of another system: found, opened, corrected, noted, and every look in the log."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.integration.api.calling import PERSON, PHONE, Caller, Company, add_customer

from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register


def test_search_takes_the_query_in_the_body(caller: Caller, north: Company) -> None:
    for query in (PHONE, "040 123 4567", "makela", "AINO@example.com"):
        response = caller.post("/customers/search", {"query": query})
        assert response.status_code == 200, response.text
        assert response.headers["Cache-Control"] == "no-store"
        assert north.customer in {hit["customer_id"] for hit in response.json()["items"]}
    assert caller.get("/customers/search", query="makela").status_code == 405
    assert caller.post("/customers/search", {"query": "nobody at all"}).json()["items"] == []


def test_a_card_has_origin_and_freshness_of_every_value(caller: Caller, north: Company) -> None:
    card = caller.get(f"/customers/{north.customer}").json()
    assert card["name"] == PERSON
    assert card["notice"]["kind"] == "art13"
    by_attribute = {value["attribute"]: value for value in card["values"]}
    assert set(by_attribute) == {"name", "phone", "email"}
    for value in by_attribute.values():
        assert value["source"] == {"source_id": north.source, "kind": "direct", "name": "Telephone"}
        assert value["recorded_at"].endswith("Z")
        assert value["stale"] is False


def test_every_look_is_in_the_log_and_asking_is_too(caller: Caller, north: Company) -> None:
    for _ in range(2):
        caller.get(f"/customers/{north.customer}")
    entries = caller.get(f"/customers/{north.customer}/openings").json()["items"]
    looks = [entry for entry in entries if entry["what"] == "register.card"]
    assert len(looks) >= 2
    assert {entry["purpose"] for entry in looks} == {"service"}
    again = caller.get(f"/customers/{north.customer}/openings").json()["items"]
    assert again[0]["what"] == "audit.entries"


def test_a_customer_is_created_with_its_origin(caller: Caller, north: Company) -> None:
    form = {
        "kind": "person",
        "values": [
            {"attribute": "name", "text": "Bertta Niemi"},
            {"attribute": "phone", "text": "050 765 4321", "label": "mobile"},
        ],
        "source_id": north.source,
        "notice": {"kind": "art13", "version": "2026-1", "given_at": clock.rfc3339(clock.now())},
        "language": "fi",
        "relationship": {"customer_since": "2020-02-29", "product_groups": ["electricity"]},
    }
    response = caller.post("/customers", form)
    assert response.status_code == 201, response.text
    assert set(response.json()) == {"customer_id"}  # a receipt: the caller knows the rest
    assert response.headers["Location"] == f"/api/v1/customers/{response.json()['customer_id']}"
    card = caller.get(response.headers["Location"].removeprefix("/api/v1")).json()
    assert (card["name"], card["language"]) == ("Bertta Niemi", "fi")
    assert card["relationship"]["customer_since"] == "2020-02-29"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"notice": None}, 422),  # Art. 13: from the person, so the person is told
        ({"values": []}, 422),
        ({"values": [{"attribute": "shoe_size", "text": "43"}]}, 422),
        ({"values": [{"attribute": "phone", "text": "qwertz"}]}, 422),
        ({"values": [{"attribute": "name", "text": "a\x00b"}]}, 422),
        ({"source_id": "0000000000001"}, 404),
        ({"source_id": 7}, 422),
        ({"kind": "robot"}, 422),
        ({"relationship": {"customer_since": "2021-02-29"}}, 422),
        ({"notice": {"kind": "art13", "version": "1", "given_at": "2026-01-01T00:00:00"}}, 422),
        ({"country": "Finland"}, 422),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    caller: Caller,
    north: Company,
    change: dict[str, object],
    status: int,
) -> None:
    before = len(caller.get("/customers", limit=200).json()["items"])
    form = {
        "kind": "person",
        "values": [{"attribute": "name", "text": "Nobody Yet"}],
        "source_id": north.source,
        "notice": {"kind": "art13", "version": "1", "given_at": clock.rfc3339(clock.now())},
        **change,
    }
    response = caller.post("/customers", form)
    assert response.status_code == status, response.text
    assert "qwertz" not in response.text
    assert len(caller.get("/customers", limit=200).json()["items"]) == before


def test_values_are_confirmed_and_corrected(caller: Caller, north: Company) -> None:
    customer = caller_customer(caller, add_customer(north))
    values = {value["attribute"]: value for value in caller.get(customer).json()["values"]}
    confirmed = caller.post(f"{customer}/values/{values['phone']['value_id']}/confirmations", {"by": "customer"})
    assert confirmed.status_code == 200, confirmed.text
    corrected = caller.post(
        f"{customer}/values/{values['name']['value_id']}/corrections",
        {"text": "Aino Korhonen", "source_id": north.source, "by": "customer"},
    )
    assert corrected.status_code == 200, corrected.text
    after = {value["attribute"]: value for value in caller.get(customer).json()["values"]}
    assert after["phone"]["confirmed_by"] == "customer"
    assert after["name"]["text"] == "Aino Korhonen"
    assert after["name"]["value_id"] == corrected.json()["value_id"]
    history = caller.get(f"{customer}/history").json()
    assert {value["text"] for value in history if value["attribute"] == "name"} == {PERSON, "Aino Korhonen"}
    late = caller.post(
        f"{customer}/values/{values['name']['value_id']}/corrections",
        {"text": "Aino Again", "source_id": north.source, "by": "customer"},
    )
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


def test_notes_are_written_and_found(caller: Caller, north: Company) -> None:
    customer = caller_customer(caller, add_customer(north))
    assert caller.post(f"{customer}/notes", {"text": "Prefers mornings, zebracrossing"}).status_code == 201
    assert caller.get(customer).json()["notes"][0]["text"] == "Prefers mornings, zebracrossing"
    found = caller.post("/customers/search", {"query": "zebracrossing"}).json()["items"]
    assert [hit["customer_id"] for hit in found] == [customer.rpartition("/")[2]]
    assert caller.post(f"{customer}/notes", {"text": "x" * 10_001}).status_code == 422


def test_lists_go_on_where_they_ended_whatever_is_added(caller: Caller, north: Company) -> None:
    for _ in range(5):
        add_customer(north)
    whole = [hit["customer_id"] for hit in caller.get("/customers", limit=200).json()["items"]]
    seen: list[str] = []
    page = caller.get("/customers", limit=2).json()
    while True:
        seen += [hit["customer_id"] for hit in page["items"]]
        if page["next"] is None:
            break
        add_customer(north) if len(seen) == 2 else None
        page = caller.get("/customers", limit=2, cursor=page["next"]).json()
    assert seen[: len(whole)] == whole
    assert len(seen) == len(set(seen)) == len(whole) + 1


def test_a_timeline_loses_nothing_at_its_borders(caller: Caller, north: Company) -> None:
    """Many things happen in one instant: each stands in exactly one part."""
    customer_id = add_customer(north)
    customer = caller_customer(caller, customer_id)
    instant = datetime.now(UTC) + timedelta(seconds=1)
    for number in range(7):
        when = instant if number < 5 else instant + timedelta(seconds=number)
        register.add_note(north.context(), customer_id=customer_id, text=f"note {number}", now=when)
    whole = caller.get(f"{customer}/timeline", limit=200).json()
    assert whole["next"] is None
    for limit in (1, 2, 3, 7):
        seen: list[object] = []
        page = caller.get(f"{customer}/timeline", limit=limit).json()
        seen += page["items"]
        while page["next"]:
            page = caller.get(f"{customer}/timeline", limit=limit, cursor=page["next"]).json()
            seen += page["items"]
        assert seen == whole["items"]


def test_a_cursor_of_another_list_or_company_is_refused(caller: Caller, neighbor: Caller, north: Company) -> None:
    page = caller.get("/customers", limit=1).json()
    assert page["next"]
    for response in (
        caller.get(f"/customers/{north.customer}/timeline", cursor=page["next"]),
        neighbor.get("/customers", cursor=page["next"]),
        caller.get("/customers", cursor=page["next"][:-2] + "AA"),
        caller.get("/customers", cursor="x" * 5000),
    ):
        assert (response.status_code, response.json()["place"]) == (400, "cursor")
    assert caller.get("/customers", limit=0).status_code == 422
    assert caller.get("/customers", limit=201).status_code == 422


def test_sources_need_their_evidence(caller: Caller) -> None:
    bought = {"kind": "bought", "name": "List"}
    response = caller.post("/sources", bought)
    assert response.status_code == 422
    full = {
        **bought,
        "seller": "Lists Ltd",
        "acquired_date": "2026-10-01",
        "legal_basis": "https://w3id.org/dpv/legal/eu/gdpr#A6-1-f",
        "proof": "contract 7",
        "evidence_sha256": "ab" * 32,
    }
    made = caller.post("/sources", full)
    assert made.status_code == 201, made.text
    shown = caller.get(made.headers["Location"].removeprefix("/api/v1")).json()
    assert (shown["seller"], shown["evidence_sha256"]) == ("Lists Ltd", "ab" * 32)
    assert made.json()["source_id"] in {source["source_id"] for source in caller.get("/sources").json()}


def test_the_inventory_counts_and_names_nobody(caller: Caller) -> None:
    response = caller.get("/inventory")
    rows = {row["attribute"]: row for row in response.json()}
    assert rows["phone"]["customers"] >= 1
    assert PERSON not in response.text
    assert {attribute["code"] for attribute in caller.get("/attributes").json()} >= {"name", "phone", "email"}


def caller_customer(caller: Caller, customer_id: int) -> str:
    return f"/customers/{to_public(customer_id)}"
