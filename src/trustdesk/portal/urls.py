from django.urls import path

from trustdesk.delivery.contracts import UNSUBSCRIBE_PATH
from trustdesk.portal.views import choices, confirm, entry, recordings, unsubscribe, who_called

app_name = "portal"
urlpatterns = [
    path("my/<int:company_id>/", entry.start, name="start"),
    path("my/<int:company_id>/link/", entry.ask, name="ask"),
    path("my/<int:company_id>/open/<str:token>/", entry.enter, name="open"),
    path("my/<int:company_id>/leave/", entry.leave, name="leave"),
    path("my/<int:company_id>/choices/", choices.show, name="choices"),
    path("my/<int:company_id>/choices/switch/", choices.switch, name="switch"),
    path("my/<int:company_id>/choices/stop/", choices.stop, name="stop"),
    path("my/<int:company_id>/recordings/", recordings.mine, name="recordings"),
    path("my/<int:company_id>/recordings/<public:listening_id>/<public:call_id>.wav", recordings.hear, name="hear"),
    path("my/<int:company_id>/copy/<str:token>/", recordings.sent, name="copy"),
    path(
        "my/<int:company_id>/copy/<str:token>/<public:listening_id>/<public:call_id>.wav",
        recordings.hear_sent,
        name="hear-copy",
    ),
    path("my/<int:company_id>/confirm/<str:token>/", confirm.confirm, name="confirm"),
    path("who-called/", who_called.who_called, name="who-called"),
    path(f"{UNSUBSCRIBE_PATH.strip('/')}/<str:reference>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
