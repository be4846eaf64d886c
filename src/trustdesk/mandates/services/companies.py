"""Controllers, processors and mandates: begun and ended, each with its deed in the controller's log."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from trustdesk.accounts.api import OPERATIONS, check_installation_operation
from trustdesk.audit.api import installation_deed
from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.mandates import scopes
from trustdesk.mandates.contracts import EVERY_CATEGORY, PURPOSES, ControllerView, MandateView
from trustdesk.mandates.models import ApiToken, Controller, Mandate, Processor, Seat
from trustdesk.mandates.selectors import controller_view, mandate_view
from trustdesk.mandates.services.contexts import system_context
from trustdesk.vault.api import provision_controller

_COUNTRY_LETTERS = 2


def create_controller(
    *, name: str, country: str, languages: Iterable[str], time_zone: str, by: int | None, now: datetime
) -> ControllerView:
    """A client company, with the mandate of its own staff: every purpose, category and operation, without an end.

    Not inside another transaction: its keys and its log are made on connections of their own.
    """
    check_installation_operation(by, "seat:manage")
    languages = list(languages)
    _check_country(country)
    if not languages or set(languages) - {code for code, _name in settings.LANGUAGES}:
        raise BadInputError(_("There is no such language."), place="languages", mend=_("Use en, hu, fi, pl or de."))
    if time_zone not in available_timezones():
        raise BadInputError(_("There is no such time zone."), place="time_zone", mend="Europe/Budapest")
    with transaction.atomic(durable=True):
        if Controller.objects.filter(name=name).exists():
            raise ConflictError(_("There is already a company of this name."), place="name")
        row = Controller.objects.create(
            name=name, country=country, languages=languages, time_zone=time_zone, created_at=now
        )
        with scoped(scopes.administering(row.id, by, now=now)):
            own = Mandate.objects.create(
                controller_id=row.id,
                processor=None,
                purposes=list(PURPOSES),
                categories=[EVERY_CATEGORY],
                operations=sorted(OPERATIONS),
                starts_at=now,
            )
        installation_deed(by, "controller.created", {"controller": row.id, "mandate": own.id})
    # Keys and log are made on connections of their own, which see the mandate only now that it is committed.
    prepare_controller(controller_id=row.id, by=by, now=now)
    return controller_view(row)


def prepare_controller(*, controller_id: int, by: int | None, now: datetime) -> None:
    """Give the company its keys and the first entry of its log. Called again it adds what an interruption left out."""
    context = system_context(controller_id, purpose="administration", now=now, on_behalf_of=by or 0)
    with scoped(context.scope):
        provision_controller(context, now=now)
        context.journal.deed(context, "controller.prepared", detail={"mandate": context.mandate_id})


def create_processor(*, name: str, country: str, by: int | None, now: datetime) -> int:
    """A company that answers on behalf of others (GDPR Art. 28). Gives its id."""
    check_installation_operation(by, "seat:manage")
    _check_country(country)
    with transaction.atomic():
        if Processor.objects.filter(name=name).exists():
            raise ConflictError(_("There is already a company of this name."), place="name")
        row = Processor.objects.create(name=name, country=country, created_at=now)
        installation_deed(by, "processor.created", {"processor": row.id})
    return row.id


def create_mandate(
    *,
    controller_id: int,
    processor_id: int | None,
    purposes: Iterable[str],
    categories: Iterable[str],
    operations: Iterable[str],
    starts_at: datetime,
    ends_at: datetime | None,
    by: int | None,
    now: datetime,
) -> MandateView:
    """A mandate: what the processor (None: own staff) may do for the controller, from when to when (half-open)."""
    check_installation_operation(by, "seat:manage")
    purposes, categories, operations = sorted(set(purposes)), sorted(set(categories)), sorted(set(operations))
    if not purposes or set(purposes) - PURPOSES.keys():
        raise BadInputError(_("There is no such purpose."), place="purposes", mend=", ".join(PURPOSES))
    if set(operations) - OPERATIONS:
        raise BadInputError(_("There is no such operation."), place="operations", mend=", ".join(sorted(OPERATIONS)))
    if not categories:
        raise BadInputError(_("A mandate names its data categories."), place="categories", mend=EVERY_CATEGORY)
    if ends_at is not None and ends_at <= starts_at:
        raise BadInputError(_("A mandate ends after it starts."), place="ends_at", mend=_("Give a later end."))
    processors = dict(Processor.objects.values_list("id", "name"))
    if processor_id is not None and processor_id not in processors:
        raise NotFoundError(_("There is no such processor."), place="processor")
    with transaction.atomic():
        with scoped(scopes.administering(controller_id, by, now=now)):
            row = Mandate.objects.create(
                controller_id=controller_id,
                processor_id=processor_id,
                purposes=purposes,
                categories=categories,
                operations=operations,
                starts_at=starts_at,
                ends_at=ends_at,
            )
        write_deed(
            controller_id,
            "mandate.begun",
            {"mandate": row.id, "processor": processor_id, "purposes": purposes, "operations": operations},
            by=by,
            now=now,
        )
    return mandate_view(row, processors)


def end_mandate(*, controller_id: int, mandate_id: int, reason: str, by: int | None, now: datetime) -> None:
    """End a mandate now: from this instant it opens nothing, for scopes signed before too. Its seats and tokens end.

    The controller's own last mandate stays, else nobody could answer for the data any more: ConflictError.
    """
    check_installation_operation(by, "seat:manage")
    if not reason.strip():
        raise BadInputError(_("An end needs a reason."), place="reason", mend=_("Say why in a few words."))
    with transaction.atomic():
        write_deed(controller_id, "mandate.ended", {"mandate": mandate_id, "reason": reason}, by=by, now=now)
        with scoped(scopes.administering(controller_id, by, now=now)):
            row = Mandate.objects.select_for_update().filter(controller_id=controller_id, id=mandate_id).first()
            if row is None:
                raise NotFoundError(_("There is no such mandate."), place="mandate")
            if row.ends_at is not None and row.ends_at <= now:
                raise ConflictError(_("This mandate has already ended."), place="mandate")
            if row.processor_id is None and not _other_own_mandate(row, now=now):
                raise ConflictError(
                    _("The company's own mandate can't end while the company is here."),
                    place="mandate",
                    mend=_("Begin another mandate of its own staff first."),
                )
            if row.starts_at >= now:
                # It never began: a period can't be empty, so it ends just after its start and opens nothing before.
                raise ConflictError(_("This mandate has not begun yet."), place="mandate")
            Mandate.objects.filter(controller_id=controller_id, id=mandate_id).update(
                ends_at=now, ended_reason=reason.strip()
            )
            held = Seat.objects.filter(controller_id=controller_id, mandate_id=mandate_id)
            held.filter(starts_at__gte=now).delete()
            held.filter(ends_at=None).update(ends_at=now)
            held.filter(ends_at__gt=now).update(ends_at=now)
            ApiToken.objects.filter(controller_id=controller_id, mandate_id=mandate_id, revoked_at=None).update(
                revoked_at=now
            )


def write_deed(controller_id: int, what: str, detail: dict[str, object], *, by: int | None, now: datetime) -> None:
    """A deed in the controller's own log, under the mandate of its own staff."""
    context = system_context(controller_id, purpose="administration", now=now, on_behalf_of=by or 0)
    with scoped(context.scope):
        context.journal.deed(context, what, detail=detail)


def _other_own_mandate(row: Mandate, *, now: datetime) -> bool:
    others = Mandate.objects.filter(controller_id=row.controller_id, processor=None, starts_at__lte=now, ends_at=None)
    return others.exclude(id=row.id).exists()


def _check_country(country: str) -> None:
    if len(country) != _COUNTRY_LETTERS or not country.isascii() or not country.isupper():
        raise BadInputError(_("A country is two capital letters."), place="country", mend="FI, HU, PL, DE, AT")
