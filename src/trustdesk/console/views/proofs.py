"""Proofs of erasure: how far the scan is, what it found and who decides that, and the certificate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.proof_forms import JustifyForm
from trustdesk.console.proof_words import TONES, hit_label, reason_text, search_label, summed, unread_label
from trustdesk.design.entrance import entered
from trustdesk.design.erasing import deleted_label
from trustdesk.design.faults import is_fragment
from trustdesk.design.happenings import operator_name
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.proof import api
from trustdesk.proof.contracts import MEDIA_TYPE, CertificateView, HitState, SearchState, SearchView

UNPROCESSABLE = 422


@require_GET
@entered("erasure:run")
def proofs(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Every erasure's proof, the newest first."""
    issued = {one.plan_id: one for one in api.certificates(context)}
    rows = [(one, search_label(one.state), *TONES[one.state], issued.get(one.plan_id)) for one in api.searches(context)]
    return page(request, "console/proofs.html", {"rows": rows}, context=context)


@require_GET
@entered("erasure:run")
def proof(request: HttpRequest, context: AccessContext, plan_id: int) -> HttpResponse:
    """One proof. htmx asks for the progress every other second while it goes on."""
    if is_fragment(request):
        return render(request, "console/parts/proof_progress.html", _progress(api.search(context, plan_id)))
    return _show(request, context, plan_id)


@require_POST
@entered("erasure:run")
def clear(request: HttpRequest, context: AccessContext, plan_id: int, hit_id: int) -> HttpResponse:
    """It was removed: looked for once more, then off the list."""
    try:
        api.clear(context, hit_id=hit_id, now=clock.now())
    except ConflictError as fault:
        messages.error(request, f"{fault.message} {fault.mend}".strip())
    else:
        messages.success(request, _("Looked for again and not found: it is cleared."))
    return redirect("console:proof", plan_id=plan_id)


@require_POST
@entered("erasure:run")
def justify(request: HttpRequest, context: AccessContext, plan_id: int, hit_id: int) -> HttpResponse:
    """It may stay, and which law says so."""
    form = JustifyForm(request.POST, prefix=str(hit_id))
    if form.is_valid():
        try:
            api.justify(context, hit_id=hit_id, now=clock.now(), **form.cleaned_data)
        except BadInputError as fault:
            form.add_error(fault.place if fault.place in form.fields else None, f"{fault.message} {fault.mend}".strip())
        else:
            messages.success(request, _("It may stay. The law stands in the certificate."))
            return redirect("console:proof", plan_id=plan_id)
    return _show(request, context, plan_id, wrong=(hit_id, form), status=UNPROCESSABLE)


@require_GET
@entered("log:read")
def certificate(_request: HttpRequest, context: AccessContext, plan_id: int) -> HttpResponse:
    """The certificate as the file that verifies offline."""
    found = api.certificate(context, plan_id)
    return handed(found.document, MEDIA_TYPE, f"erasure-{found.number}.json")


@require_GET
@entered("log:read")
def paper(_request: HttpRequest, context: AccessContext, plan_id: int) -> HttpResponse:
    """The certificate to be read and filed."""
    found = api.certificate(context, plan_id)
    content = api.printed(found, language=translation.get_language() or "en", words=deleted_label)
    return handed(content, "application/pdf", f"erasure-{found.number}.pdf")


def handed(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file of ours to be kept."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _show(
    request: HttpRequest,
    context: AccessContext,
    plan_id: int,
    *,
    wrong: tuple[int, JustifyForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = api.hits(context, plan_id)
    names = accounts.names({hit.decided_by for hit in found if hit.decided_by})
    forms = dict([wrong] if wrong else [])
    values = _progress(api.search(context, plan_id)) | {
        "hits": [
            (
                hit,
                hit_label(hit.state),
                reason_text(hit),
                operator_name(names, hit.decided_by) if hit.decided_at else "",
                forms.get(hit.hit_id) or JustifyForm(prefix=str(hit.hit_id)),
            )
            for hit in found
        ],
        "certificate": _certificate(context, plan_id) if context.allows("log:read") else None,
    }
    return page(request, "console/proof.html", values, context=context, status=status)


def _progress(search: SearchView) -> dict[str, object]:
    tone, mark = TONES[search.state]
    return {
        "search": search,
        "state": search_label(search.state),
        "tone": tone,
        "mark": mark,
        "going": search.state in {SearchState.PREPARED, SearchState.SCANNING},
        "percent": round(100 * search.parts_read / len(search.parts)) if search.parts else 0,
        "kinds": summed(search.parts),
        "unread": [(unread_label(reason), many) for reason, many in sorted(search.coverage.unread.items())],
        "counts": [(hit_label(state), search.hits[state]) for state in HitState],
        "seconds": search.milliseconds / 1000,
    }


def _certificate(context: AccessContext, plan_id: int) -> CertificateView | None:
    try:
        return api.certificate(context, plan_id)
    except NotFoundError:
        return None
