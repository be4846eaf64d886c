"""The OpenAPI document is one, and says the truth about the routes."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.integration.api.calling import Caller

from trustdesk.accounts import api as accounts
from trustdesk.api.schemas.common import Receipt
from trustdesk.api.v1 import interface, urls


def routes() -> list[Any]:
    return [
        operation
        for bound in interface._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    ]


def test_the_document_is_openapi_3_1(caller: Caller) -> None:
    response = caller.client.get(f"{caller.base}/openapi.json")  # open to everybody: it names nobody
    document = response.json()
    assert document["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    assert json.loads(json.dumps(document)) == document


def test_every_route_is_locked_marked_and_described() -> None:
    open_to_all = {"read_problem_type"}
    for route in routes():
        assert route.operation_id, route.path
        assert route.description, route.operation_id
        view = route.view_func
        if route.operation_id in open_to_all:
            continue
        assert view.trustdesk_operation in accounts.OPERATIONS | {""}, route.operation_id
        assert [token.operation for token in route.auth_callbacks] == [view.trustdesk_operation]
        if view.trustdesk_writes:
            assert view.trustdesk_operation, "a write needs an operation"


def test_every_address_is_let_through_the_desk_s_door() -> None:
    assert all(getattr(pattern.callback, "login_required", True) is False for pattern in urls[0])


def test_writes_answer_with_receipts_only() -> None:
    """What is remembered of a write holds nothing of a person (ADR 9): identifiers and instants only."""
    written = [route for route in routes() if getattr(route.view_func, "trustdesk_writes", False)]
    assert len(written) >= 16
    for route in written:
        for model in route.response_models.values():
            receipt = model.model_fields["response"].annotation
            assert issubclass(receipt, Receipt)
            assert all(name.endswith(("_id", "_ids", "_time")) for name in receipt.model_fields), receipt


def test_personal_data_stands_in_no_address() -> None:
    """Path and query take identifiers, instants, cursors, limits and codes."""
    allowed = {
        "customer_id",
        "value_id",
        "source_id",
        "import_id",
        "merge_id",
        "campaign_id",
        "screening_id",
        "recipient",
        "purpose",
        "product",
        "channel",
        "at",
        "code",
        "cursor",
        "limit",
        "before",
        "conversation_id",
        "interaction_id",
        "follow_up_id",
        "complaint_id",
        "subject_request_id",
        "call_id",
        "told_for",
        "state",
        "queue",
    }
    document = interface.get_openapi_schema()
    named = {
        parameter["name"]
        for path in document["paths"].values()
        for details in path.values()
        for parameter in details["parameters"]
        if parameter["in"] in {"path", "query"}
    }
    assert named <= allowed


@pytest.mark.parametrize("code", ["bad-input", "not-found", "fault"])
def test_every_problem_has_a_page(caller: Caller, code: str) -> None:
    page = caller.client.get(f"{caller.base}/problems/{code}")
    assert page.status_code == 200
    assert page.json()["type"] == f"/api/v1/problems/{code}"
    german = caller.client.get(f"{caller.base}/problems/{code}", headers={"Accept-Language": "de"})
    assert german.status_code == 200
    assert caller.client.get(f"{caller.base}/problems/none-such").status_code == 404
