"""What anybody may read: what each type of problem means (RFC 9457, section 3.1.1)."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from trustdesk.api.problems import BASE, KINDS, ProblemError
from trustdesk.api.schemas.common import Shown

router = Router(tags=["about"])


class ProblemKind(Shown):
    type: str
    title: str
    status: int
    mend: str


@router.get("/problems/{code}", operation_id="read_problem_type", response=ProblemKind)
def problem_type(request: HttpRequest, response: HttpResponse, code: str) -> ProblemKind:  # noqa: ARG001  # ninja's
    """What a type of problem means and what can be done."""
    kind = KINDS.get(code)
    if kind is None:
        raise ProblemError("not-found")
    response["Cache-Control"] = "public, max-age=3600"
    response["Vary"] = "Accept-Language"
    return ProblemKind(type=BASE + kind.code, title=str(kind.title), status=kind.status, mend=str(kind.mend))
