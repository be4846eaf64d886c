"""Campaigns: made of a screening, started, paused, cancelled. Being in one permits nothing."""

from ninja import Router

from trustdesk.api.access import CallingRequest, reads, writes
from trustdesk.api.idempotency import Written
from trustdesk.api.schemas.campaigns import CampaignForm, CampaignReceipt, CampaignReportShown, CampaignShown
from trustdesk.api.schemas.common import Limit, PathId, identifier
from trustdesk.campaigns import api as campaigning
from trustdesk.kernel.clock import now
from trustdesk.kernel.ids import to_public

router = Router(tags=["campaigns"])


@router.post("/campaigns", response={201: CampaignReceipt}, operation_id="create_campaign")
@writes("campaign:manage")
def create(request: CallingRequest, form: CampaignForm) -> Written:
    """Make a campaign, as a draft. Nobody is contacted by it. It also needs `list:screen`."""
    campaign_id = campaigning.create(request.auth, new=form.read(), now=now())
    address = f"/api/v1/campaigns/{to_public(campaign_id)}"
    return Written(201, CampaignReceipt(campaign_id=campaign_id), address)


@router.get("/campaigns", response=list[CampaignShown], operation_id="list_campaigns")
@reads("campaign:read")
def campaigns(request: CallingRequest, limit: Limit = 50) -> list[CampaignShown]:
    """The newest campaigns."""
    return [CampaignShown.of(view) for view in campaigning.campaigns(request.auth, limit=limit)]


@router.get("/campaigns/{campaign_id}", response=CampaignReportShown, operation_id="read_campaign")
@reads("campaign:read")
def campaign(request: CallingRequest, campaign_id: PathId) -> CampaignReportShown:
    """How a campaign stands, with its refusals by reason. It also needs `clearance:read`."""
    return CampaignReportShown.of(campaigning.report(request.auth, identifier(campaign_id)))


@router.post("/campaigns/{campaign_id}/start", response={200: CampaignReceipt}, operation_id="start_campaign")
@writes("campaign:manage")
def start(request: CallingRequest, campaign_id: PathId) -> Written:
    """Let a draft run, in the name of the token. It also needs `customer:contact` and `customer:open`."""
    identified = identifier(campaign_id)
    campaigning.start(request.auth, campaign_id=identified, now=now())
    return Written(200, CampaignReceipt(campaign_id=identified))


@router.post("/campaigns/{campaign_id}/resume", response={200: CampaignReceipt}, operation_id="resume_campaign")
@writes("campaign:manage")
def resume(request: CallingRequest, campaign_id: PathId) -> Written:
    """Let a paused one go on, as `start`."""
    identified = identifier(campaign_id)
    campaigning.resume(request.auth, campaign_id=identified, now=now())
    return Written(200, CampaignReceipt(campaign_id=identified))


@router.post("/campaigns/{campaign_id}/pause", response={200: CampaignReceipt}, operation_id="pause_campaign")
@writes("campaign:stop")
def pause(request: CallingRequest, campaign_id: PathId) -> Written:
    """Stop it for now: once answered, nothing more leaves but a message being handed over at that moment."""
    identified = identifier(campaign_id)
    campaigning.pause(request.auth, campaign_id=identified, now=now())
    return Written(200, CampaignReceipt(campaign_id=identified))


@router.post("/campaigns/{campaign_id}/end", response={200: CampaignReceipt}, operation_id="end_campaign")
@writes("campaign:stop")
def end(request: CallingRequest, campaign_id: PathId) -> Written:
    """End it, for good."""
    identified = identifier(campaign_id)
    campaigning.end(request.auth, campaign_id=identified, now=now())
    return Written(200, CampaignReceipt(campaign_id=identified))


@router.post("/campaigns/{campaign_id}/cancel", response={200: CampaignReceipt}, operation_id="cancel_campaign")
@writes("campaign:stop")
def cancel(request: CallingRequest, campaign_id: PathId) -> Written:
    """Give it up, also as a draft."""
    identified = identifier(campaign_id)
    campaigning.cancel(request.auth, campaign_id=identified, now=now())
    return Written(200, CampaignReceipt(campaign_id=identified))
