from django.urls import path

from trustdesk.console.views import health, imports, inventory, log, operators, overview, seats, tokens

app_name = "console"
urlpatterns = [
    path("", overview.start, name="start"),
    path("log/", log.log, name="log"),
    path("log/export/", log.export, name="export-log"),
    path("seats/", seats.seats, name="seats"),
    path("inventory/", inventory.inventory, name="inventory"),
    path("health/", health.health, name="health"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<public:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("imports/", imports.imports, name="imports"),
    path("imports/lists/<str:name>/", imports.prepare, name="prepare-import"),
    path("imports/<public:run_id>/", imports.run, name="import"),
    path("imports/<public:run_id>/live/", imports.live, name="import-live"),
    path("imports/<public:run_id>/now/", imports.import_now, name="import-now"),
    path("imports/<public:run_id>/resume/", imports.resume, name="resume-import"),
    path("imports/<public:run_id>/rejects/", imports.rejects, name="rejects"),
    path("operators/", operators.operators, name="operators"),
    path("operators/invite/", operators.invite, name="invite"),
    path("operators/recoveries/<public:recovery_id>/approve/", operators.approve, name="approve-recovery"),
    path("operators/recoveries/<public:recovery_id>/withdraw/", operators.withdraw, name="withdraw-recovery"),
    path("operators/<public:operator_id>/", operators.operator, name="operator"),
    path("operators/<public:operator_id>/link/", operators.invite_again, name="invite-again"),
    path("operators/<public:operator_id>/disable/", operators.disable, name="disable"),
    path("operators/<public:operator_id>/enable/", operators.enable, name="enable"),
    path("operators/<public:operator_id>/recover/", operators.recover, name="recover"),
    path("operators/<public:operator_id>/seats/", operators.give_seat, name="give-seat"),
    path("operators/<public:operator_id>/seats/<public:seat_id>/end/", operators.end_seat, name="end-seat"),
]
