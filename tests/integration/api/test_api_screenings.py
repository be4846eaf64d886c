"""Another system asks about a list."""

import json

from tests.integration.api.calling import PHONE, SECRETS, Caller, Company
from tests.integration.api.test_api_imports import give

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewPurpose
from trustdesk.decision.contracts import PurposeKind
from trustdesk.isolation.api import raw_pool
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import from_public

LIST = f"Name;Phone\nAino;{PHONE}\nNobody;+358409999999\nGarbage;-\n"


def declared(company: Company) -> None:
    purpose = NewPurpose(
        code="offers",
        label="Offers",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )
    try:
        clearance.declare_purpose(company.context("administration"), purpose=purpose, now=clock.now())
    except ConflictError:
        return


def work(screening_id: str) -> None:
    """Carry out the job that was ordered, as the worker does."""
    from trustdesk.screening import tasks  # noqa: PLC0415  # procrastinate's application is ready only now

    with raw_pool().connection() as raw:
        jobs = raw.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'screening.run'").fetchall()
    for ordered in (json.loads(job[0]) for job in jobs):
        if ordered["run_id"] == from_public(screening_id):
            tasks.run(**ordered)


def asked(caller: Caller, **more: object) -> dict[str, object]:
    given = {"purpose": "offers", "channel": "call_human"}
    return {**given, "list_id": give(caller, LIST).json()["list_id"], "columns": {"Phone": "phone"}, **more}


def test_a_list_is_screened(caller: Caller, north: Company) -> None:
    declared(north)
    begun = caller.post("/screenings", asked(caller))
    assert begun.status_code == 202, begun.text
    work(begun.json()["screening_id"])
    address = begun.headers["Location"].removeprefix("/api/v1")
    shown = caller.get(address).json()
    assert (shown["state"], shown["rows"], sum(shown["verdicts"].values())) == ("finished", 3, 3)
    report = caller.get(f"{address}/report").json()
    assert report["not_decided"] == {"unreadable": 1}
    assert report["summary"].startswith("trustdesk/")
    assert all(one["statute"] for one in report["rules"])
    file = caller.get(f"{address}/verdicts.csv")
    assert file.headers["Content-Type"].startswith("text/csv")
    assert len(file.text.splitlines()) == 4
    assert not any(secret in file.text + str(report) for secret in SECRETS)
    again = caller.post("/screenings", {"purpose": "offers", "channel": "sms", "screening_id": shown["screening_id"]})
    assert again.status_code == 202, again.text
    assert begun.json()["screening_id"] in {one["screening_id"] for one in caller.get("/screenings").json()}


def test_a_waiting_screening_is_cancelled(caller: Caller, north: Company) -> None:
    declared(north)
    begun = caller.post("/screenings", asked(caller)).json()["screening_id"]
    assert caller.post(f"/screenings/{begun}/cancel", {}).status_code == 200
    assert caller.get(f"/screenings/{begun}").json()["state"] == "cancelled"
    assert caller.post(f"/screenings/{begun}/cancel", {}).status_code == 409
    assert caller.get(f"/screenings/{begun}/report").status_code == 409


def test_a_filter_by_open_attributes(caller: Caller, north: Company) -> None:
    declared(north)
    form = {"name": "Finns", "criteria": [{"what": ":country", "operator": "any_of", "values": ["FI"]}]}
    saved = caller.post("/filters", form)
    assert saved.status_code == 201, saved.text
    assert caller.get("/filters").json()[0]["criteria"] == form["criteria"]
    sealed = {"name": "x", "criteria": [{"what": "phone", "operator": "any_of", "values": ["1"]}]}
    assert caller.post("/filters", sealed).status_code == 422
    question = {"purpose": "offers", "channel": "call_human", "filter_id": saved.json()["filter_id"]}
    begun = caller.post("/screenings", question)
    work(begun.json()["screening_id"])
    assert caller.get(f"/screenings/{begun.json()['screening_id']}").json()["state"] == "finished"


def test_which_list_is_said_once(caller: Caller, north: Company) -> None:
    declared(north)
    question = {"purpose": "offers", "channel": "call_human"}
    assert caller.post("/screenings", question).status_code == 422
    assert caller.post("/screenings", {**asked(caller), "filter_id": "0000000000001"}).status_code == 422
    assert caller.post("/screenings", asked(caller, purpose="nothing")).status_code == 404
    assert caller.post("/screenings", asked(caller, columns={"Phone": "shoe"})).status_code == 422


def test_a_neighbor_sees_nothing_of_it(caller: Caller, neighbor: Caller, north: Company) -> None:
    declared(north)
    begun = caller.post("/screenings", asked(caller)).json()["screening_id"]
    for path in ("", "/report", "/verdicts.csv"):
        assert neighbor.get(f"/screenings/{begun}{path}").status_code == 404
    assert neighbor.post(f"/screenings/{begun}/cancel", {}).status_code == 404
