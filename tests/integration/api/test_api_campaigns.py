"""Another system makes a campaign and steers it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.api.calling import Caller, Company
from tests.integration.campaigns.campaigning import Campaigning, campaigning
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.kernel.ids import from_public, to_public

STEPS = ("start", "pause", "resume", "end", "cancel")


@pytest.fixture
def room(open_database: None, tmp_path: Path) -> Campaigning:
    return campaigning(tmp_path)


@pytest.fixture
def system(address: str, north: Company, room: Campaigning) -> Iterator[Caller]:
    """A system of that company, which may do everything."""
    company = room.company
    own = Company(company.id, company.context().mandate_id, north.operator_id, company.source_id, 0)
    caller = Caller(address + "/api/v1", own.token().secret)
    yield caller
    caller.client.close()


def form(room: Campaigning, **more: object) -> dict[str, object]:
    given: dict[str, object] = {"name": "Spring", "screening_id": to_public(room.screen()), "template": "spring"}
    return {**given, "language": "en", "pace": 600, "per_day": None, **more}


def test_a_campaign_from_another_system(room: Campaigning, system: Caller) -> None:
    first, second = room.add(2)
    room.company.withdraw(room.people[second])
    outcomes = {"failed": {"act": "again", "after_hours": 2}}
    made = system.post("/campaigns", form(room, outcomes=outcomes))
    assert made.status_code == 201, made.text
    address = made.headers["Location"].removeprefix("/api/v1")
    assert system.get(address).json()["campaign"]["state"] == "draft"
    assert system.post(f"{address}/start", {}).status_code == 200
    campaign_id = from_public(made.json()["campaign_id"])
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert [mail.recipients[0] for mail in server.taken] == [first]
    report = system.get(address).json()
    assert report["campaign"]["state"] == "ended"
    assert report["campaign"]["counts"] == {"done": 1}
    assert report["outcomes"] == {"sent": 1}
    assert all(one["statute"] and one["words"] for one in report["left_out"])
    assert [one["name"] for one in system.get("/campaigns").json()] == ["Spring"]


def test_it_is_paused_resumed_ended_and_not_twice(room: Campaigning, system: Caller) -> None:
    room.add(1)
    address = f"/campaigns/{system.post('/campaigns', form(room)).json()['campaign_id']}"
    assert system.post(f"{address}/pause", {}).status_code == 409
    for step, state in (("start", "running"), ("pause", "paused"), ("resume", "running"), ("end", "ended")):
        assert system.post(f"{address}/{step}", {}).status_code == 200
        assert system.get(address).json()["campaign"]["state"] == state
    assert system.post(f"{address}/cancel", {}).status_code == 409


def test_what_can_not_be_is_refused(room: Campaigning, system: Caller) -> None:
    room.add(1)
    hours = {"week": [[{"opens": "09:00", "closes": "17:00"}]] * 6}
    wrong: tuple[dict[str, object], ...] = (
        {"window": hours},
        {"window": {"week": [[]] * 7}},
        {"pace": 0},
        {"outcomes": {"refused": {"act": "done"}}},
        {"outcomes": {"held": {"act": "done"}}},
        {"ends_at": "2020-01-01T00:00:00Z"},
        {"template": "hello"},
    )
    for more in wrong:
        assert system.post("/campaigns", form(room, **more)).status_code == 422, more
    assert system.post("/campaigns", form(room, template="nothing")).status_code == 404


def test_a_neighbor_and_a_token_without_the_right_see_nothing(
    room: Campaigning,
    system: Caller,
    neighbor: Caller,
    address: str,
    north: Company,
) -> None:
    room.add(1)
    made = system.post("/campaigns", form(room)).json()["campaign_id"]
    assert neighbor.get(f"/campaigns/{made}").status_code == 404
    assert neighbor.get("/campaigns").json() == []
    assert neighbor.post("/campaigns", form(room)).status_code == 404
    for step in STEPS:
        assert neighbor.post(f"/campaigns/{made}/{step}", {}).status_code == 404
    company = room.company
    own = Company(company.id, company.context().mandate_id, north.operator_id, company.source_id, 0)
    outsider = Caller(address + "/api/v1", own.token("customer:search").secret)
    assert outsider.get("/campaigns").status_code == 403
    for step in STEPS:
        assert outsider.post(f"/campaigns/{made}/{step}", {}).status_code == 403
    outsider.client.close()
