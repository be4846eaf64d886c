"""Version 1 of the interface, put together."""

from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from ninja.renderers import BaseRenderer

from trustdesk.api import handlers
from trustdesk.api.access import BearerToken
from trustdesk.api.bodies import StrictParser
from trustdesk.api.document import Interface
from trustdesk.api.routes import (
    campaigns,
    clearance,
    complaints,
    consents,
    conversations,
    customers,
    imports,
    ledger,
    log,
    merges,
    problems,
    recordings,
    register,
    requests,
    restrictions,
    screenings,
    standing,
    telephony,
    wordings,
)


class _Renderer(BaseRenderer):
    """Instants in RFC 3339 with a closing Z."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ANN401, ARG002
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


interface = Interface(
    title="trustdesk",
    version="1",
    description="The customer register for other systems. Every call is made under a mandate, for a purpose, and every"
    " opening of personal data is in the log before the answer leaves.",
    urls_namespace="api-v1",
    docs_url=None,
    auth=BearerToken(),
    parser=StrictParser(),
    renderer=_Renderer(),
)
handlers.install(interface)
interface.add_router("/customers", customers.router)
interface.add_router("/customers", restrictions.router)
interface.add_router("/customers", ledger.router)
interface.add_router("", standing.router)
interface.add_router("/consents", consents.router)
interface.add_router("", merges.router)
interface.add_router("", register.router)
interface.add_router("", clearance.router)
interface.add_router("", imports.router)
interface.add_router("", screenings.router)
interface.add_router("", campaigns.router)
interface.add_router("", conversations.router)
interface.add_router("", complaints.router)
interface.add_router("", recordings.router)
interface.add_router("", requests.router)
interface.add_router("", wordings.router)
interface.add_router("", telephony.router)
interface.add_router("", log.router)
interface.add_router("", problems.router, auth=None)

urls = interface.urls
for _pattern in urls[0]:
    # The door of the desk looks for a signed-in person; here every route has its own lock.
    login_not_required(_pattern.callback)  # type: ignore[type-var]  # a route of ninja always has one
