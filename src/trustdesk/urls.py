"""Where the surfaces are mounted."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", include("trustdesk.accounts.urls")),
]
