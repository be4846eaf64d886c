from django.urls import path

from trustdesk.desk.views import calls, clearance, create, customer, deeds, merging, search

app_name = "desk"
urlpatterns = [
    path("", search.start, name="start"),
    path("search/", search.search, name="search"),
    path("customers/new/", create.create, name="create"),
    path("customers/<public:customer_id>/", customer.customer, name="customer"),
    path("customers/<public:customer_id>/looked/", customer.looked, name="looked"),
    path("customers/<public:customer_id>/disclosures/", customer.disclosures, name="disclosures"),
    path("customers/<public:customer_id>/contacts/new/", create.contact, name="create-contact"),
    path("customers/<public:customer_id>/history/", customer.history, name="history"),
    path("customers/<public:customer_id>/values/", deeds.add_value, name="add-value"),
    path("customers/<public:customer_id>/values/<public:value_id>/confirm/", deeds.confirm, name="confirm"),
    path("customers/<public:customer_id>/values/<public:value_id>/correct/", deeds.correct, name="correct"),
    path("customers/<public:customer_id>/notes/", deeds.note, name="note"),
    path("customers/<public:customer_id>/restriction/", deeds.restrict, name="restrict"),
    path("customers/<public:customer_id>/restriction/end/", deeds.release, name="release"),
    path("customers/<public:customer_id>/may/", clearance.may, name="may"),
    path("customers/<public:customer_id>/may/<str:channel>/<slug:purpose>/", clearance.why, name="why"),
    path("customers/<public:customer_id>/consents/", clearance.consents, name="consents"),
    path("customers/<public:customer_id>/consents/file/", clearance.records, name="consent-records"),
    path("customers/<public:customer_id>/consents/new/", clearance.consent, name="consent"),
    path("customers/<public:customer_id>/collection/", clearance.collection, name="collection"),
    path("customers/<public:customer_id>/objections/", clearance.object_, name="object"),
    path("customers/<public:customer_id>/objections/lift/", clearance.lift, name="lift-objection"),
    path("customers/<public:customer_id>/merge/", merging.merge, name="merge"),
    path("calls/", calls.calls, name="calls"),
    path("calls/live/", calls.changes, name="calls-live"),
    path("calls/figures/", calls.figures, name="figures"),
    path("calls/<public:call_id>/overhear/", calls.overhear, name="overhear"),
    path("callbacks/<public:callback_id>/dial/", calls.call_back, name="call-back"),
    path("merges/<public:merge_id>/undo/", merging.unmerge, name="unmerge"),
]
