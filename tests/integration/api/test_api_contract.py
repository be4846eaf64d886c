"""Calls made from the document itself: whatever is sent, the document names the answer, and none is a fault."""

import uuid

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.integration.api.calling import Caller, Company

from trustdesk.api.v1 import interface

pytestmark = pytest.mark.slow  # every route is tried with many bodies

SCHEMA = schemathesis.openapi.from_dict(dict(interface.get_openapi_schema()))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
CASES = [
    (operation, mode)
    for operation in OPERATIONS
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    # A free text in an address can't be unfitting.
    if mode is GenerationMode.POSITIVE or not operation.label.endswith("/problems/{code}")
]
IDS = [f"{mode.value} {operation.label}" for operation, mode in CASES]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.parametrize(("operation", "mode"), CASES, ids=IDS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_answers_are_those_of_the_document(
    caller: Caller,
    north: Company,
    operation: object,
    mode: GenerationMode,
    data: st.DataObject,
) -> None:
    case = data.draw(operation.as_strategy(generation_mode=mode))  # type: ignore[attr-defined]
    if "customer_id" in case.path_parameters and data.draw(st.booleans()):
        case.path_parameters["customer_id"] = north.customer
    headers = {**caller.headers(), "Idempotency-Key": str(uuid.uuid4())}
    response = case.call(base_url=caller.base.removesuffix("/api/v1"), headers=headers)
    case.validate_response(response, checks=CHECKS)
