"""Another system sets how a company is called."""

import secrets
from typing import Any

import pytest
from tests.integration.api.calling import Caller, Company

from trustdesk.announcements.api import standard_parts
from trustdesk.api.idempotency import REPLAYED
from trustdesk.clearance.api import packs
from trustdesk.decision.api import recording_rule
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id

DAY = [["08:00", "16:00"]]


def queue(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - members of the document
    week = [DAY] * 5 + [[], []]
    names = {"fi": "Palvelu"}
    return {"code": "service", "names": names, "week": week, "time_zone": "Europe/Helsinki", "country": "FI"} | more


def number(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - members of the document
    """A number of its own each time: one belongs to one company."""
    return {
        "number": f"+35894242{secrets.randbelow(9000) + 1000}",
        "queue": "service",
        "language": "fi",
        "country": "FI",
        "notice": "main",
        "label": "Pohjola",
        "purposes": {"fi": "Asiakaspalvelu"},
    } | more


def notice(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - members of the document
    rule = recording_rule(packs(), "FI", "general", clock.now())
    parts = {element.value: text for element, text in standard_parts(rule, "fi", "Pohjola").items()}
    return {"code": "main", "language": "fi", "country": "FI", "parts": parts} | more


def test_a_company_is_reached_and_recorded_once_it_has_a_notice(caller: Caller) -> None:
    key = str(new_id())
    assert caller.post("/queues", queue(), key=key).status_code == 201
    assert caller.post("/queues", queue(), key=key).headers[REPLAYED] == "?1"
    held = next(one for one in caller.get("/queues").json() if one["code"] == "service")
    assert held["week"] == queue()["week"]
    code, said = f"n{new_id()}", number()
    saved = caller.post("/numbers", {**said, "notice": code})
    assert saved.status_code == 201, saved.text

    def mine() -> dict[str, Any]:
        return next(one for one in caller.get("/numbers").json() if one["number"] == said["number"])

    assert (mine()["recording"], bool(mine()["reason"])) == ("off", True)
    version = caller.post("/call-notices", notice(code=code))
    assert version.status_code == 201, version.text
    assert (mine()["recording"], mine()["reason"]) == ("notice", "")
    played = next(one for one in caller.get("/call-notices").json() if one["code"] == code)
    assert played["version_id"] == version.json()["version_id"]
    assert played["milliseconds"] > 5_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "112"},
        {"number": "+358600123456"},
        {"queue": "nobody"},
        {"sector": "bank"},
        {"sector": "astrology"},
        {"mode": "mandatory"},
        {"keep_days": 91},
        {"purposes": {}},
        {"trunk": 1},
    ],
)
def test_a_number_that_does_not_fit_is_refused(caller: Caller, wrong: dict[str, Any]) -> None:
    caller.post("/queues", queue())
    answer = caller.post("/numbers", number(**wrong))
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    "wrong", [{"week": [DAY] * 6}, {"week": [[["8", "16"]]] * 7}, {"week": [[["08:00"]]] * 7}, {"time_zone": "Nowhere"}]
)
def test_a_queue_that_does_not_fit_is_refused(caller: Caller, wrong: dict[str, Any]) -> None:
    assert caller.post("/queues", queue(**wrong)).status_code == 422


def test_a_notice_that_lacks_something_is_refused(caller: Caller) -> None:
    said = notice(code=f"n{new_id()}")
    del said["parts"]["rights"]
    answer = caller.post("/call-notices", said)
    assert answer.status_code == 422
    assert "rights" in answer.text


def test_a_neighbor_and_a_token_without_the_right_see_nothing(
    caller: Caller, neighbor: Caller, address: str, north: Company
) -> None:
    caller.post("/queues", queue())
    said = number()
    assert caller.post("/numbers", said).status_code == 201
    assert said["number"] not in {one["number"] for one in neighbor.get("/numbers").json()}
    neighbor.post("/queues", queue())
    assert neighbor.post("/numbers", said).status_code == 409
    reader = Caller(address + "/api/v1", north.token("telephony:read").secret)
    assert reader.get("/queues").status_code == 200
    for path, document in (("/queues", queue()), ("/numbers", said), ("/call-notices", notice())):
        assert reader.post(path, document).status_code == 403
    reader.client.close()
