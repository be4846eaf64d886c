"""May we contact this customer; and what the customer said about it, put on record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ConsentState, Method, NoticeKind, Objection
from trustdesk.decision.contracts import Channel
from trustdesk.design.contacting import OUTCOME_TONES, channel_label, purpose_name
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment, refused
from trustdesk.desk.clearance_forms import CollectionForm, ConsentForm, ObjectionForm, OfferForm, TakenBackForm
from trustdesk.desk.contact import asked, living, reasons, said
from trustdesk.desk.present import names_of
from trustdesk.desk.views.deeds import done
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import to_public

UNPROCESSABLE = 422
DECISIONS_SHOWN = 20


@require_GET
@entered("clearance:read")
def may(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """Each purpose and each way, with its reason, for what is offered. Opens nothing."""
    now = clock.now()
    offer = OfferForm(request.GET, products=clearance.products(context))
    values = {
        "customer_id": customer_id,
        "asked": asked(context, customer_id, about=offer.about(), now=now),
        "offer": offer,
        "may_record": context.allows("consent:record"),
        "may_open": context.allows("customer:open"),
        "form": ObjectionForm(purposes=living(context, now)),
        "closed": _("Your role under this mandate does not include this."),
    }
    return render(request, "desk/parts/may.html" if is_fragment(request) else "desk/may.html", values)


@require_GET
@entered("clearance:read")
def why(request: HttpRequest, context: AccessContext, customer_id: int, channel: str, purpose: str) -> HttpResponse:
    """Every reason of one answer, its law, and what was known."""
    way = _channel(channel)
    clearance.point_kinds(context, customer_id)  # whom we can't see is not found, instead of undecided
    offer = OfferForm(request.GET, products=clearance.products(context))
    explained = clearance.explain(
        context, customer_id=customer_id, channel=way, purpose=purpose, at=clock.now(), about=offer.about()
    )
    values = {
        "customer_id": customer_id,
        "offer": offer,
        "explained": explained,
        "reasons": reasons(explained),
        "tone": OUTCOME_TONES[explained.outcome],
        "channel": channel_label(way),
        "purpose": clearance.purpose(context, purpose),
        "may_record": context.allows("consent:record"),
    }
    return render(request, "desk/why.html", values)


@require_GET
@entered("customer:open")
def consents(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """What the customer said, newest first. The words are opened when they are asked for: then it is in the log."""
    events, objections = clearance.consents(context, customer_id), clearance.objections(context, customer_id)
    asked_for = request.GET.get("words") == "open"
    words = clearance.consent_words(context, customer_id, reason="desk") if asked_for else {}
    purposes = {purpose.code: purpose_name(purpose) for purpose in clearance.purposes(context)}
    names = names_of([*(event.recorded_by for event in events), *(act.recorded_by for act in objections)])
    values = {
        "customer_id": customer_id,
        "acts": said(events, objections, purposes, names, words),
        "words_open": asked_for,
        "decisions": [
            (one, OUTCOME_TONES[one.outcome], purposes.get(one.purpose, one.purpose), channel_label(one.channel))
            for one in clearance.decisions(context, customer_id, limit=DECISIONS_SHOWN)
        ],
        "may_record": context.allows("consent:record"),
    }
    return render(request, "desk/consents.html", values)


@require_GET
@entered("customer:open")
def records(_request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """The consents as ISO/IEC TS 27560 records, for the person or the authority. Their words are opened: logged."""
    found = clearance.consent_records(context, customer_id, reason="desk, file")
    answer = JsonResponse(list(found), safe=False, content_type="application/ld+json", json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="consents-{to_public(customer_id)}.jsonld"'
    return answer


@require_http_methods(["GET", "POST"])
@entered("consent:record")
def consent(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """A consent, a refusal or a withdrawal, with what proves it."""
    clearance.point_kinds(context, customer_id)
    now = clock.now()
    form = ConsentForm(
        request.POST or None,
        request.FILES or None,
        purposes=living(context, now),
        versions=clearance.notice_versions(context, NoticeKind.CONSENT),
        initial={name: request.GET[name] for name in ("purpose", "channel", "state") if name in request.GET},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        ends = given["state"] is ConsentState.GIVEN
        try:
            clearance.record_consent(
                context,
                customer_id=customer_id,
                purpose=given["purpose"],
                channel=given["channel"],
                state=given["state"],
                evidence=form.evidence(get_language() or "en"),
                at=given["at"] or now,
                until=given["until"] if ends else None,
                now=now,
            )
        except BadInputError as fault:
            refused(form, fault)
        else:
            messages.success(request, _("Recorded, and in force from now on."))
            return redirect("desk:customer", customer_id=customer_id)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "desk/consent.html", {"customer_id": customer_id, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@entered("consent:record")
def collection(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """How numbers and addresses came to us (Dir. 2002/58/EC Art. 13(2)): another entry, nothing is changed."""
    clearance.point_kinds(context, customer_id)
    now = clock.now()
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            at = form.cleaned_data["at"] or now
            clearance.record_collection(context, customer_id=customer_id, collection=form.collection(), at=at, now=now)
        except BadInputError as fault:
            refused(form, fault)
        else:
            messages.success(request, _("Recorded, and in force from now on."))
            return redirect("desk:customer", customer_id=customer_id)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "desk/collection.html", {"customer_id": customer_id, "form": form}, status=status)


@require_POST
@entered("consent:record")
def object_(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """The customer does not want it (GDPR Art. 21): in force when this answers, on every list and every message."""
    now = clock.now()
    form = ObjectionForm(request.POST, purposes=living(context, now))
    if not form.is_valid():
        raise BadInputError(_("Say what the customer does not want."), place="about", mend=_("Choose one."))
    clearance.record_objection(
        context, customer_id=customer_id, scope=form.scope(), method=Method.TOLD_OPERATOR, now=now
    )
    return done(request, context, customer_id, _("The objection is recorded. It counts from now on, everywhere."))


@require_POST
@entered("consent:record")
def lift(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """The customer takes an objection back, in words of the customer's own."""
    form = TakenBackForm(request.POST)
    if not form.is_valid():
        raise BadInputError(
            _("Only the customer's own act lifts an objection."), place="words", mend=_("Write the words down.")
        )
    act = _objection(context, customer_id, form.cleaned_data["objection"])
    clearance.lift_objection(
        context,
        customer_id=customer_id,
        scope=act.scope,
        method=Method.TOLD_OPERATOR,
        words=form.cleaned_data["words"],
        now=clock.now(),
    )
    messages.success(request, _("Recorded: the objection is taken back."))
    return redirect("desk:consents", customer_id=customer_id)


def _objection(context: AccessContext, customer_id: int, objection_id: int) -> Objection:
    acts = clearance.objections(context, customer_id)
    found = next((act for act in acts if act.objection_id == objection_id), None)
    if found is None:
        raise NotFoundError(_("There is no such objection."), place="objection", mend=_("Load the page again."))
    return found


def _channel(text: str) -> Channel:
    try:
        return Channel(text)
    except ValueError:
        raise NotFoundError(
            _("There is no such way to reach somebody."), place="channel", mend=_("Choose one from the card.")
        ) from None
