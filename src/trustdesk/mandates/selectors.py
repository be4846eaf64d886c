"""Reading companies, mandates, seats and tokens. Nothing here writes."""

from datetime import datetime

from django.db.models import Q

from trustdesk.accounts.api import check_installation_operation
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.mandates import scopes
from trustdesk.mandates.contracts import ControllerView, MandateView, ProcessorView, SeatView, TokenView
from trustdesk.mandates.models import ApiToken, Controller, Mandate, Processor, Seat


def controllers() -> list[ControllerView]:
    """All client companies of this installation, by name."""
    return [controller_view(row) for row in Controller.objects.order_by("name")]


def controller(controller_id: int) -> ControllerView:
    """One client company; NotFoundError where there is none."""
    row = Controller.objects.filter(id=controller_id).first()
    if row is None:
        raise NotFoundError("There is no such company.", place="controller", mend="Choose one from the list.")
    return controller_view(row)


def processors() -> list[ProcessorView]:
    """All companies that answer on behalf of others, by name."""
    rows = Processor.objects.order_by("name")
    return [ProcessorView(id=row.id, name=row.name, country=row.country) for row in rows]


def mandates(context: AccessContext) -> list[MandateView]:
    """The company's mandates, ended ones among them, the newest first. RefusedError without `seat:read`."""
    context.check_operation("seat:read")
    with scoped(context.scope):
        rows = list(Mandate.objects.order_by("-starts_at", "id"))
    processors = dict(Processor.objects.values_list("id", "name"))
    return [mandate_view(row, processors) for row in rows]


def seats(context: AccessContext) -> list[SeatView]:
    """The company's seats, ended ones among them, the newest first. RefusedError without `seat:read`."""
    context.check_operation("seat:read")
    with scoped(context.scope):
        return [seat_view(row) for row in Seat.objects.order_by("-starts_at", "id")]


def tokens(context: AccessContext) -> list[TokenView]:
    """The company's tokens without their secrets, the newest first. RefusedError without `token:manage`."""
    context.check_operation("token:manage")
    with scoped(context.scope):
        return [token_view(row) for row in ApiToken.objects.order_by("-starts_at", "id")]


def mandates_to_fill(*, by: int, now: datetime) -> list[tuple[ControllerView, MandateView]]:
    """Every company's living mandates, for whoever gives seats in the installation. RefusedError for others."""
    check_installation_operation(by, "seat:manage")
    processors = dict(Processor.objects.values_list("id", "name"))
    found: list[tuple[ControllerView, MandateView]] = []
    for company in controllers():
        with scoped(scopes.administering(company.id, by, now=now)):
            rows = Mandate.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("starts_at", "id")
            found.extend((company, mandate_view(row, processors)) for row in rows)
    return found


def every_mandate(*, by: int | None, now: datetime) -> list[tuple[ControllerView, MandateView]]:
    """Every company's mandates, ended ones among them, the newest first. RefusedError unless `by` manages seats."""
    check_installation_operation(by, "seat:manage")
    processors = dict(Processor.objects.values_list("id", "name"))
    found: list[tuple[ControllerView, MandateView]] = []
    for company in controllers():
        with scoped(scopes.administering(company.id, by, now=now)):
            rows = Mandate.objects.order_by("-starts_at", "-id")
            found.extend((company, mandate_view(row, processors)) for row in rows)
    return found


def seats_of(operator_id: int, *, by: int, now: datetime) -> list[tuple[ControllerView, SeatView]]:
    """One operator's seats in every company, newest first. RefusedError unless `by` manages seats."""
    check_installation_operation(by, "seat:manage")
    found: list[tuple[ControllerView, SeatView]] = []
    for company in controllers():
        with scoped(scopes.administering(company.id, by, now=now)):
            rows = Seat.objects.filter(operator_id=operator_id).order_by("-starts_at", "id")
            found.extend((company, seat_view(row)) for row in rows)
    return found


def controller_view(row: Controller) -> ControllerView:
    return ControllerView(
        id=row.id,
        name=row.name,
        country=row.country,
        languages=tuple(row.languages),
        time_zone=row.time_zone,
    )


def mandate_view(row: Mandate, processors: dict[int, str]) -> MandateView:
    return MandateView(
        id=row.id,
        processor_id=row.processor_id,
        processor_name=processors.get(row.processor_id) if row.processor_id else None,
        purposes=tuple(row.purposes),
        categories=frozenset(row.categories),
        operations=frozenset(row.operations),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_reason=row.ended_reason,
    )


def seat_view(row: Seat) -> SeatView:
    return SeatView(
        id=row.id,
        mandate_id=row.mandate_id,
        operator_id=row.operator_id,
        role=row.role,
        purposes=tuple(row.purposes),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def token_view(row: ApiToken) -> TokenView:
    return TokenView(
        id=row.id,
        mandate_id=row.mandate_id,
        name=row.name,
        operations=frozenset(row.operations),
        purposes=tuple(row.purposes),
        responsible_operator_id=row.responsible_operator_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
    )
