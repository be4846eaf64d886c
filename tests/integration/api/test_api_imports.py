"""A list comes in by another system: given, looked at, tried, imported, and what was not taken is told."""

import json
import uuid

import httpx
import pytest
from tests.integration.api.calling import CONTRACT, Caller, Company

from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.ids import from_public

LIST = """Name;Phone;Shoe size
Eino Leino;+358401112223;43
Minna Canth;+358402223334;38
Edith Södergran;not a number;37
=HYPERLINK("x");+358404445556;40
"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = {"Name": "name", "Phone": "phone"}


def give(caller: Caller, text: str = LIST, media_type: str = "text/csv") -> httpx.Response:
    headers = {**caller.headers(), "Content-Type": media_type}
    return caller.client.post(f"{caller.base}/imports/files", headers=headers, content=text.encode())


@pytest.fixture
def source(caller: Caller) -> str:
    form = {"kind": "import", "name": f"old system {uuid.uuid4()}", "legal_basis": CONTRACT}
    return str(caller.post("/sources", form).json()["source_id"])


@pytest.fixture
def mapping(caller: Caller) -> str:
    form = {"name": f"list {uuid.uuid4()}", "columns": COLUMNS, "undeclared": "drop", "country": "FI"}
    response = caller.post("/mappings", form)
    assert response.status_code == 201, response.text
    return str(response.json()["mapping_id"])


def work(import_id: str) -> None:
    """Carry out the job that was ordered for an import, as the worker does."""
    from trustdesk.intake import tasks  # noqa: PLC0415  # procrastinate's application is ready only now

    with raw_pool().connection() as raw:
        jobs = raw.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'intake.run'").fetchall()
    arguments = [json.loads(job[0]) for job in jobs]
    for ordered in arguments:
        if ordered["run_id"] == from_public(import_id):
            tasks.run(**ordered)


def start(caller: Caller, *, list_id: str, mapping: str, source: str, dry_run: bool = False) -> httpx.Response:
    form = {"list_id": list_id, "mapping_id": mapping, "source_id": source, "dry_run": dry_run}
    return caller.post("/imports", form)


def test_a_list_is_tried_and_then_imported(caller: Caller, source: str, mapping: str) -> None:
    given = give(caller)
    assert given.status_code == 201, given.text
    assert given.json()["columns"] == ["Name", "Phone", "Shoe size"]
    assert given.json()["proposed"]["Phone"] == "phone"
    tried = start(caller, list_id=given.json()["list_id"], mapping=mapping, source=source, dry_run=True)
    assert tried.status_code == 202, tried.text
    work(tried.json()["import_id"])
    report = caller.get(tried.headers["Location"].removeprefix("/api/v1")).json()
    assert (report["state"], report["dry_run"], report["fraction"]) == ("finished", True, 1.0)
    assert report["counts"]["rows"] == 4
    assert report["counts"]["rejected"] >= 1
    assert caller.post("/customers/search", {"query": "+358401112223"}).json()["items"] == []

    again = give(caller)  # the list of a finished run is deleted
    done = start(caller, list_id=again.json()["list_id"], mapping=mapping, source=source)
    work(done.json()["import_id"])
    report = caller.get(done.headers["Location"].removeprefix("/api/v1")).json()
    assert report["state"] == "finished"
    assert report["counts"]["added"] + report["counts"]["rejected"] == 4
    assert len(caller.post("/customers/search", {"query": "+358401112223"}).json()["items"]) == 1
    assert done.json()["import_id"] in {run["import_id"] for run in caller.get("/imports").json()["items"]}


def test_rejects_are_told_without_what_they_held(caller: Caller, source: str, mapping: str) -> None:
    rows = "".join(f"Person {number};bad{number}\n" for number in range(7))
    given = give(caller, "Name;Phone\n" + rows)
    run = start(caller, list_id=given.json()["list_id"], mapping=mapping, source=source).json()["import_id"]
    work(run)
    whole = caller.get(f"/imports/{run}/rejects", limit=200)
    assert len(whole.json()["items"]) == 7
    assert {reject["reason"] for reject in whole.json()["items"]} == {"invalid-phone"}
    assert "Person" not in whole.text
    parts, page = [], caller.get(f"/imports/{run}/rejects", limit=3).json()
    parts += page["items"]
    while page["next"]:
        page = caller.get(f"/imports/{run}/rejects", limit=3, cursor=page["next"]).json()
        parts += page["items"]
    assert parts == whole.json()["items"]
    download = caller.get(f"/imports/{run}/rejects.csv")
    assert download.headers["Content-Disposition"] == f'attachment; filename="rejects-{run}.csv"'
    assert download.headers["Content-Type"].startswith("text/csv")
    assert len(download.text.splitlines()) == 8
    assert "Person" not in download.text


def test_a_neighbor_can_t_name_a_list(caller: Caller, neighbor: Caller, source: str, mapping: str) -> None:
    list_id = give(caller).json()["list_id"]
    foreign = start(neighbor, list_id=list_id, mapping=mapping, source=source)
    assert (foreign.status_code, foreign.json()["place"]) == (404, "list_id")
    invented = start(caller, list_id="0000000000001.csv", mapping=mapping, source=source)
    assert invented.status_code == 404


def test_what_is_no_list_is_refused_and_not_kept(caller: Caller) -> None:
    refused = give(caller, LIST, "application/pdf")
    assert refused.status_code == 415
    assert "text/csv" in refused.headers["Accept"]
    assert give(caller, "").status_code == 422
    assert give(caller, "not a workbook", XLSX).status_code == 422
    assert give(caller, "Name;Name\na;b\n").status_code == 422


def test_a_list_needs_a_source_of_its_own(caller: Caller, north: Company, mapping: str) -> None:
    list_id = give(caller).json()["list_id"]
    response = start(caller, list_id=list_id, mapping=mapping, source=north.source)
    assert response.status_code == 422  # "direct" is a person, not a list


@pytest.mark.parametrize(
    "change",
    [
        {"undeclared": "guess"},
        {"columns": {}},
        {"columns": {"Aino Mäkelä": 7}},
        {"columns": {"Name": {"to": "name", "evil": 1}}},
        {"kind": "robot"},
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(caller: Caller, change: dict[str, object]) -> None:
    response = caller.post("/mappings", {"name": "list", "columns": COLUMNS, "undeclared": "drop", **change})
    assert response.status_code == 422, response.text
    assert "Aino" not in response.text


def test_mappings_are_listed(caller: Caller, mapping: str) -> None:
    shown = {saved["mapping_id"]: saved for saved in caller.get("/mappings").json()}
    assert shown[mapping]["columns"]["Phone"] == {"to": "phone", "label": "", "shared_line": False}


def test_an_import_needs_more_than_a_dry_run(caller: Caller, north: Company, source: str, mapping: str) -> None:
    less = Caller(caller.base, north.token("list:preview").secret, client=caller.client)
    list_id = give(less).json()["list_id"]
    assert start(less, list_id=list_id, mapping=mapping, source=source, dry_run=True).status_code == 202
    assert start(less, list_id=list_id, mapping=mapping, source=source).status_code == 403


def test_imports_are_listed_in_parts(caller: Caller, neighbor: Caller, source: str, mapping: str) -> None:
    begun = []
    for number in range(5):
        list_id = give(caller, f"Name;Phone\nEino Leino {number};+35840111200{number}\n").json()["list_id"]
        begun.append(start(caller, list_id=list_id, mapping=mapping, source=source).json()["import_id"])
    seen: list[str] = []
    page = caller.get("/imports", limit=2).json()
    seen += [run["import_id"] for run in page["items"]]
    list_id = give(caller, "Name;Phone\nMinna Canth;+358402223330\n").json()["list_id"]
    start(caller, list_id=list_id, mapping=mapping, source=source)  # what comes meanwhile repeats and hides nothing
    while page["next"]:
        page = caller.get("/imports", limit=2, cursor=page["next"]).json()
        seen += [run["import_id"] for run in page["items"]]
    assert seen[:5] == begun[::-1]
    assert len(seen) == len(set(seen))
    first = caller.get("/imports", limit=1).json()["next"]
    assert neighbor.get("/imports", cursor=first).status_code == 400
    assert not {run["import_id"] for run in neighbor.get("/imports", limit=200).json()["items"]} & set(begun)


OTHERS = "Name;Phone\nAleksis Kivi;+358407778881\n"


def test_an_import_is_cancelled_and_its_list_is_gone(caller: Caller, source: str, mapping: str) -> None:
    list_id = give(caller, OTHERS).json()["list_id"]
    run = start(caller, list_id=list_id, mapping=mapping, source=source).json()["import_id"]
    cancelled = caller.post(f"/imports/{run}/cancellations", {})
    assert (cancelled.status_code, cancelled.json()) == (200, {"import_id": run})
    assert cancelled.headers["Location"] == f"/api/v1/imports/{run}"
    assert caller.get(f"/imports/{run}").json()["state"] == "cancelled"
    work(run)
    assert caller.get(f"/imports/{run}").json()["counts"]["rows"] == 0
    again = caller.post(f"/imports/{run}/cancellations", {})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert caller.post(f"/imports/{run}/resumptions", {}).status_code == 409
    gone = start(caller, list_id=list_id, mapping=mapping, source=source)
    assert gone.status_code == 404
    given = give(caller, OTHERS).json()["list_id"]
    assert start(caller, list_id=given, mapping=mapping, source=source).json()["import_id"] == run
    work(run)
    assert caller.get(f"/imports/{run}").json()["state"] == "finished"
    assert caller.post(f"/imports/{run}/cancellations", {}).status_code == 409


def test_a_stopped_import_goes_on(caller: Caller, north: Company, source: str, mapping: str) -> None:
    from trustdesk.intake.services import files  # noqa: PLC0415  # models exist only now

    rows = "".join(f"Zacharias Topelius {number};+3584055500{number:02d}\n" for number in range(9))
    run = start(caller, list_id=give(caller, "Name;Phone\n" + rows).json()["list_id"], mapping=mapping, source=source)
    number = run.json()["import_id"]
    assert caller.post(f"/imports/{number}/resumptions", {}).status_code == 409  # it waits: there is nothing to take up
    newest = max(files.folder("lists", str(north.controller_id)).iterdir(), key=lambda path: path.stat().st_mtime_ns)
    good = newest.read_bytes()
    newest.write_bytes(good[:-1])
    work(number)
    stopped = caller.get(f"/imports/{number}").json()
    assert (stopped["state"], stopped["reason"]) == ("stopped", "seal-broken")
    newest.write_bytes(good)
    resumed = caller.post(f"/imports/{number}/resumptions", {})
    assert (resumed.status_code, resumed.json()) == (202, {"import_id": number})
    work(number)
    finished = caller.get(f"/imports/{number}").json()
    assert (finished["state"], finished["counts"]["added"]) == ("finished", 9)


def test_only_who_may_import_resumes_or_cancels(
    caller: Caller,
    neighbor: Caller,
    north: Company,
    source: str,
    mapping: str,
) -> None:
    less = Caller(caller.base, north.token("list:preview").secret, client=caller.client)
    list_id = give(caller, OTHERS).json()["list_id"]
    run = start(caller, list_id=list_id, mapping=mapping, source=source).json()["import_id"]
    tried = start(caller, list_id=list_id, mapping=mapping, source=source, dry_run=True).json()["import_id"]
    for who, status in ((less, 403), (neighbor, 404)):
        assert who.post(f"/imports/{run}/cancellations", {}).status_code == status
        assert who.post(f"/imports/{run}/resumptions", {}).status_code == status
    assert caller.get(f"/imports/{run}").json()["state"] == "waiting"
    assert less.post(f"/imports/{tried}/cancellations", {}).status_code == 200
