"""The OpenAPI 3.1 document: what every operation shares is said once here."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from trustdesk.api.access import PURPOSE
from trustdesk.api.idempotency import HEADER, REPLAYED
from trustdesk.api.problems import KINDS, MEDIA_TYPE

_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "Problem details (RFC 9457). No member holds personal data.",
    "required": ["type", "title", "status", "code", "mend"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string"},
        "place": {"type": "string", "description": "What it is about: a header, a parameter, an operation."},
        "mend": {"type": "string", "description": "What can be done."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["place", "detail"],
                "properties": {
                    "place": {"type": "string", "description": "RFC 6901 pointer into the body, or a parameter."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_PURPOSE_HEADER = {
    "name": PURPOSE,
    "in": "header",
    "required": True,
    "description": "What the call is made for: one of the token's purposes, for example `service`.",
    "schema": {"type": "string", "examples": ["service"]},
}
_KEY_HEADER = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "A name for this write, best a UUID, 8 to 128 characters. Sent again with the same request within"
    " 24 hours it gives the same answer and changes nothing.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 130},
}
_READ_PROBLEMS = ("bad-request", "not-signed-in", "refused", "too-many")
_BODY_PROBLEMS = ("no-length", "too-large", "wrong-media", "bad-input")
_WRITE_PROBLEMS = ("conflict",)


class Interface(NinjaAPI):
    """The API, whose document also says what the edge asks and answers."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["components"]["schemas"]["Problem"] = _PROBLEM
        marks = dict(self._marked())
        for path in document["paths"].values():
            for details in path.values():
                _complete(details, marks.get(details["operationId"]))
        return document

    def _marked(self) -> Any:  # noqa: ANN401  # pairs of an operation's id and its view
        for bound in self._get_bound_routers():
            for view in bound.path_operations.values():
                for operation in view.operations:
                    yield operation.operation_id, operation.view_func


def _complete(details: dict[str, Any], view: Any) -> None:  # noqa: ANN401
    if not hasattr(view, "trustdesk_operation"):  # open to everybody
        _name_problems(details, ["not-found"])
        return
    writes = view.trustdesk_writes
    details["parameters"].append(_PURPOSE_HEADER)
    if view.trustdesk_operation:
        details["description"] = f"{details['description']}\n\nOperation: `{view.trustdesk_operation}`."
    codes = list(_READ_PROBLEMS)
    if writes:
        details["parameters"].append(_KEY_HEADER)
        codes += _WRITE_PROBLEMS
        for response in details["responses"].values():
            response["headers"] = {
                REPLAYED: {"description": "`?1` where the write was done before.", "schema": {"type": "string"}}
            }
    if "requestBody" in details:
        codes += _BODY_PROBLEMS
    if details["parameters"]:
        codes += ["not-found", "bad-input"]
    _name_problems(details, codes)


def _name_problems(details: dict[str, Any], codes: list[str]) -> None:
    for code in dict.fromkeys(codes):
        kind = KINDS[code]
        details["responses"].setdefault(
            kind.status,
            {
                "description": str(kind.title),
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
