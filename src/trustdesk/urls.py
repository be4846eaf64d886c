"""Where the surfaces are mounted."""

from django.urls import URLPattern, URLResolver, include, path

from trustdesk.api import v1

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", v1.urls),
    path("sign-in/", include("trustdesk.accounts.urls")),
]
