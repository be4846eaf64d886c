from django.urls import path

from trustdesk.delivery.contracts import UNSUBSCRIBE_PATH
from trustdesk.portal.views import (
    certificates,
    choices,
    confirm,
    data_copies,
    entry,
    my_data,
    recordings,
    requests,
    unsubscribe,
    who_called,
)

app_name = "portal"
urlpatterns = [
    path("my/<int:company_id>/", entry.start, name="start"),
    path("my/<int:company_id>/link/", entry.ask, name="ask"),
    path("my/<int:company_id>/open/<str:token>/", entry.enter, name="open"),
    path("my/<int:company_id>/leave/", entry.leave, name="leave"),
    path("my/<int:company_id>/choices/", choices.show, name="choices"),
    path("my/<int:company_id>/choices/switch/", choices.switch, name="switch"),
    path("my/<int:company_id>/choices/stop/", choices.stop, name="stop"),
    path("my/<int:company_id>/held/", my_data.show, name="held"),
    path("my/<int:company_id>/held/withdraw/", my_data.withdraw, name="withdraw"),
    path("my/<int:company_id>/held/<public:value_id>/confirm/", my_data.confirm, name="confirm-value"),
    path("my/<int:company_id>/held/<public:value_id>/correct/", my_data.correct, name="correct-value"),
    path("my/<int:company_id>/requests/", requests.requests, name="requests"),
    path("my/<int:company_id>/requests/for/<slug:kind>/", requests.ask, name="ask-for"),
    path("my/<int:company_id>/requests/for/<slug:kind>/make/", requests.make, name="make-request"),
    path("my/<int:company_id>/requests/<public:request_id>/", requests.show, name="request"),
    path("my/<int:company_id>/requests/<public:request_id>/mine/", requests.confirm, name="request-mine"),
    path("my/<int:company_id>/requests/<public:request_id>/withdraw/", requests.withdraw, name="withdraw-request"),
    path("my/<int:company_id>/recordings/", recordings.mine, name="recordings"),
    path("my/<int:company_id>/recordings/<public:listening_id>/<public:call_id>.wav", recordings.hear, name="hear"),
    path("my/<int:company_id>/copy/<str:token>/", recordings.sent, name="copy"),
    path(
        "my/<int:company_id>/copy/<str:token>/<public:listening_id>/<public:call_id>.wav",
        recordings.hear_sent,
        name="hear-copy",
    ),
    path("my/<int:company_id>/data-copies/", data_copies.mine, name="data-copies"),
    path("my/<int:company_id>/data-copies/<public:copy_id>/file/", data_copies.download, name="data-file"),
    path("my/<int:company_id>/data-copies/<str:token>/", data_copies.named, name="data-link"),
    path("my/<int:company_id>/erasure/code/", certificates.code, name="certificate-code"),
    path("my/<int:company_id>/certificate/<str:token>/", certificates.certificate, name="certificate"),
    path("my/<int:company_id>/certificate/<str:token>/<str:form>/", certificates.file, name="certificate-file"),
    path("my/<int:company_id>/confirm/<str:token>/", confirm.confirm, name="confirm"),
    path("who-called/", who_called.who_called, name="who-called"),
    path(f"{UNSUBSCRIBE_PATH.strip('/')}/<str:reference>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
