"""Another system publishes what messages say."""

import pytest
from tests.integration.api.calling import Caller, Company

from trustdesk.api.idempotency import REPLAYED
from trustdesk.kernel.ids import new_id


def given(**more: object) -> dict[str, object]:
    """A wording a campaign could send; the code is another one each time."""
    said = {
        "channel": "email",
        "code": f"spring-{new_id()}",
        "language": "fi",
        "subject": "Kevät",
        "text": "{company}!",
    }
    return {**said, **more}


def held(caller: Caller, code: object) -> list[dict[str, object]]:
    return [one for one in caller.get("/wordings").json() if one["code"] == code]


def test_it_is_published_once_and_in_force(caller: Caller) -> None:
    said, key = given(), str(new_id())
    first = caller.post("/wordings", said, key=key)
    assert first.status_code == 201, first.text
    again = caller.post("/wordings", said, key=key)
    assert (again.json(), again.headers[REPLAYED]) == (first.json(), "?1")
    assert held(caller, said["code"]) == [{**said, "parameters": ["company"]}]
    newer = {**said, "subject": "Kesä"}
    assert caller.post("/wordings", newer).json() != first.json()
    assert [one["subject"] for one in held(caller, said["code"])] == ["Kesä"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "{First Name}"},
        {"text": ""},
        {"subject": ""},
        {"subject": "x" * 201},
        {"subject": "Kevät\nBcc: a@example.com"},
        {"channel": "sms"},
        {"channel": "post", "subject": ""},
        {"language": "sv"},
        {"code": "Spring offer"},
        {"code": "sign-in-link", "text": "{link}"},
        {"parameters": ["company"]},
    ],
)
def test_what_can_not_be_sent_is_refused(caller: Caller, wrong: dict[str, object]) -> None:
    said = given(**wrong)
    assert caller.post("/wordings", said).status_code == 422
    assert held(caller, said["code"]) == []


def test_a_neighbor_and_a_token_without_the_right_see_nothing(
    caller: Caller,
    neighbor: Caller,
    address: str,
    north: Company,
) -> None:
    said = given()
    assert caller.post("/wordings", said).status_code == 201
    assert held(neighbor, said["code"]) == []
    reader = Caller(address + "/api/v1", north.token("delivery:read").secret)
    assert held(reader, said["code"]) != []
    assert reader.post("/wordings", said).status_code == 403
    reader.client.close()
