"""Every page of the console in its frame."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from trustdesk.console.sections import sections
from trustdesk.kernel.context import AccessContext


def page(
    request: HttpRequest,
    template: str,
    values: Mapping[str, object],
    *,
    context: AccessContext | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with the sections beside it."""
    return render(request, template, {**values, "sections": sections(request, context)}, status=status)
