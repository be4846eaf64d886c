"""All that the edge is told, from all settings."""

from trustdesk.announcements.api import prompt
from trustdesk.sipedge.contracts import Config, Listen
from trustdesk.telephony.models import Directory
from trustdesk.telephony.services.edge import settings_now
from trustdesk.telephony.services.phones import edge_phones
from trustdesk.telephony.services.trunks import edge_trunks

_OTHERWISE = "en"


def edge_config() -> Config:
    """See `telephony.api`."""
    held = settings_now(secrets=True)
    answered = list(Directory.objects.filter(answers=True).order_by("e164").values_list("e164", "language"))
    apology = {number: str(prompt(language, "apology")) for number, language in answered}
    return Config(
        realm=held.realm,
        listen=tuple(Listen(transport=transport, host=host, port=port) for transport, host, port in held.listen),  # type: ignore[arg-type]
        advertised=held.advertised,
        rtp_first=held.rtp_first,
        rtp_last=held.rtp_last,
        certificate=held.certificate,
        certificate_key=held.certificate_key,
        client_authority=held.client_authority,
        stun=tuple(held.stun),
        turn=tuple((server.address, server.user, server.password or "") for server in held.turn),
        trunks=edge_trunks(),
        phones=edge_phones(),
        numbers=tuple(number for number, _language in answered),
        apology={"": str(prompt(_OTHERWISE, "apology")), **apology},
        session_seconds=held.session_seconds,
    )
