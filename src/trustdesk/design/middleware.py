"""Expected failures become pages; every answer carries the security headers that Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from trustdesk.design import faults
from trustdesk.kernel.errors import TrustdeskError

API_PREFIX = "/api/"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SurfaceMiddleware:
    """Stands inside the session and authentication, around the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # A page may hold a person: no cache keeps it, also not the browser's after signing out.
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Vary", "HX-Request")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TrustdeskError) and not request.path.startswith(API_PREFIX):
            return faults.answer(request, faults.fault_of(exception), exception.status)
        return None
