"""What the register is made of: attributes, sources, inventory. Counts and declarations, no person."""

from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.common import PathId, identifier
from trustdesk.api.schemas.register import AttributeShown, Holding, SourceForm, SourceReceipt, SourceShown
from trustdesk.kernel.clock import now
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register

router = Router(tags=["register"])


@router.get("/attributes", response=list[AttributeShown], operation_id="list_attributes")
@reads()
def attributes(request: CallingRequest) -> list[AttributeShown]:
    """The declared attributes: what a customer's values may be, why they are held, and for how long."""
    return [AttributeShown.of(attribute) for attribute in register.catalog(request.auth)]


@router.get("/sources", response=list[SourceShown], operation_id="list_sources")
@reads()
def sources(request: CallingRequest) -> list[SourceShown]:
    """Where values come from, newest first."""
    return [SourceShown.of(source) for source in register.sources(request.auth)]


@router.post("/sources", response={201: SourceReceipt}, operation_id="create_source")
@writes("list:import")
def create_source(request: CallingRequest, form: SourceForm) -> Written:
    """Record a source. A bought list without seller, date, legal basis and proof is refused."""
    source_id = register.create_source(request.auth, source=form.read(), now=now())
    return Written(201, SourceReceipt(source_id=source_id), f"/api/v1/sources/{to_public(source_id)}")


@router.get("/sources/{source_id}", response=SourceShown, operation_id="read_source")
@reads()
def source(request: CallingRequest, source_id: PathId) -> SourceShown:
    """One source with its evidence."""
    return SourceShown.of(register.source(request.auth, identifier(source_id)))


@router.get("/inventory", response=list[Holding], operation_id="read_inventory")
@reads("inventory:read")
def inventory(request: CallingRequest) -> list[Holding]:
    """What is held, why, until when, from where (GDPR Art. 30)."""
    return [Holding.of(row) for row in register.inventory(request.auth)]
