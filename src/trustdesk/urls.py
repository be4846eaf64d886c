"""Where the surfaces are mounted."""

from django.urls import URLPattern, URLResolver, include, path

from trustdesk.api import posted, receipts, v1
from trustdesk.delivery.contracts import RECEIPT_PATH

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", v1.urls),
    path(RECEIPT_PATH.lstrip("/"), receipts.sms, name="sms-receipt"),
    path("hooks/feeds/<public:company_id>/<public:feed_id>/", posted.message, name="feed-message"),
    path("", include("trustdesk.design.urls")),
    path("desk/", include("trustdesk.desk.urls")),
    path("console/", include("trustdesk.console.urls")),
    path("sign-in/", include("trustdesk.accounts.urls")),
    path("", include("trustdesk.portal.urls")),
]

handler403 = "trustdesk.design.faults.forbidden"
handler404 = "trustdesk.design.faults.not_found"
handler500 = "trustdesk.design.faults.broken"
