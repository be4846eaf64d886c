"""How pages are answered: language, frame, and what a browser may load and run on them."""

from typing import Any

FIRST_MIDDLEWARE = [
    "django.middleware.locale.LocaleMiddleware",
    "csp.middleware.CSPMiddleware",
]
LAST_MIDDLEWARE = ["trustdesk.design.middleware.SurfaceMiddleware"]

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "trustdesk.design.surface.surface",
]

FORM_RENDERER = "trustdesk.design.widgets.Renderer"
FORMAT_MODULE_PATH = ["trustdesk.design.formats"]

CSRF_FAILURE_VIEW = "trustdesk.design.faults.csrf_failed"

# Nothing inline, nothing from elsewhere, nothing evaluated. What is not listed is refused.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
