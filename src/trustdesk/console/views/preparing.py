"""Before a list is imported: how it is read, by a saved mapping or anew, and where it comes from."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.batch.contracts import ListFile, Reading, UnreadableFileError
from trustdesk.console.answers import page
from trustdesk.console.import_forms import NEW, SAVE, PickForm, PrepareForm
from trustdesk.console.mapping_words import also_said
from trustdesk.design.entrance import entered
from trustdesk.intake import api as intake
from trustdesk.intake.contracts import Preview, SavedMapping
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.register import api as register

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("list:import", "list:preview")
def prepare(request: HttpRequest, context: AccessContext, name: str) -> HttpResponse:
    """What the columns mean and where the list comes from; then a dry run, the import, or only the mapping is kept."""
    saved = intake.mappings(context)
    picked = _picked(saved, request.GET.get("mapping", ""))
    preview, misread = _preview(intake.received(context, name), picked)
    form = PrepareForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        preview=preview,
        catalog=register.catalog(context),
        sources=register.sources(context),
        saved=saved,
        picked=picked,
    )
    if request.method == "POST" and form.is_valid():
        try:
            mapping_id = _mapping_id(context, form, picked)
            keeping = SAVE in request.POST
            return _kept(request, name, mapping_id) if keeping else _begin(request, context, form, name, mapping_id)
        except (BadInputError, RefusedError) as fault:
            place = fault.place if fault.place in form.fields else None
            form.add_error(place, f"{fault.message} {fault.mend}".strip())
    values = {
        "form": form,
        "name": name,
        "pick": PickForm(saved=saved, preview=preview, picked=picked) if saved else None,
        "picked": picked,
        "fit": preview.fit(picked.mapping) if picked else None,
        "misread": misread,
        "also": also_said(form.kept),
    }
    return page(request, "console/prepare.html", values, context=context, status=UNPROCESSABLE if form.errors else 200)


def _picked(saved: Sequence[SavedMapping], wanted: str) -> SavedMapping | None:
    if not wanted:
        return None
    for one in saved:
        if to_public(one.mapping_id) == wanted:
            return one
    raise NotFoundError(
        _("There is no such mapping."), place="mapping", mend=_("It may have been replaced: pick again.")
    )


def _preview(file: ListFile, picked: SavedMapping | None) -> tuple[Preview, UnreadableFileError | None]:
    """The columns as the saved mapping reads them; where it can't, as the file itself says, and why it couldn't."""
    if picked is None:
        return intake.preview(file, reading=Reading()), None
    try:
        return intake.preview(file, reading=picked.mapping.reading), None
    except UnreadableFileError as fault:
        return intake.preview(file, reading=Reading()), fault


def _mapping_id(context: AccessContext, form: PrepareForm, picked: SavedMapping | None) -> int:
    """Who may only try lists may do so as they are read already."""
    mapping = form.mapping()
    if picked is not None and mapping == picked.mapping:
        return picked.mapping_id
    return intake.save_mapping(context, mapping=mapping, now=clock.now())


def _kept(request: HttpRequest, name: str, mapping_id: int) -> HttpResponse:
    messages.success(request, _("The mapping is saved. Nothing is imported yet."))
    return redirect(f"{reverse('console:prepare-import', args=[name])}?mapping={to_public(mapping_id)}")


def _begin(request: HttpRequest, context: AccessContext, form: PrepareForm, name: str, mapping_id: int) -> HttpResponse:
    now = clock.now()
    if form.cleaned_data["source"] == NEW:
        source_id = register.create_source(context, source=form.new_source(), now=now)
    else:
        source_id = from_public(form.cleaned_data["source"])
    run_id = intake.import_received(
        context,
        name=name,
        mapping_id=mapping_id,
        source_id=source_id,
        now=now,
        dry_run="import" not in request.POST,
    )
    return redirect(f"{reverse('console:import', args=[run_id])}?list={name}")
