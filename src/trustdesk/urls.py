"""Where the surfaces are mounted."""

from django.urls import URLPattern, URLResolver, include, path

from trustdesk.api import v1

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", v1.urls),
    path("", include("trustdesk.design.urls")),
    path("desk/", include("trustdesk.desk.urls")),
    path("console/", include("trustdesk.console.urls")),
    path("sign-in/", include("trustdesk.accounts.urls")),
    path("", include("trustdesk.portal.urls")),
]

handler403 = "trustdesk.design.faults.forbidden"
handler404 = "trustdesk.design.faults.not_found"
handler500 = "trustdesk.design.faults.broken"
