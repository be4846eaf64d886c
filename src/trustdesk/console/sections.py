"""The parts of the console, as far as the operator's roles reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from trustdesk.accounts import api as accounts
from trustdesk.design.entrance import operator_of
from trustdesk.kernel.context import AccessContext


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    address: str
    icon: str
    here: bool


def sections(request: HttpRequest, context: AccessContext | None) -> Sequence[Section]:
    """Those with at least one operation; by the roles under the mandate, or those of the installation."""
    seated: AccessContext | None = context or getattr(request, "access", None)
    under = seated.operations if seated else frozenset()
    over = accounts.installation_operations(operator_of(request))
    opening = under if "customer:open" in under else frozenset()  # the ledger is a customer's: who may open may see it
    wanted: list[tuple[str, str, str, frozenset[str], frozenset[str]]] = [
        (_("Overview"), "console:start", "seal", under, frozenset({"log:read", "inventory:read", "seat:read"})),
        (_("Requests"), "console:requests", "person", under, frozenset({"request:work"})),
        (_("Log"), "console:log", "book", under, frozenset({"log:read"})),
        (_("Seats"), "console:seats", "seat", under, frozenset({"seat:read"})),
        (_("What we hold"), "console:inventory", "database", under, frozenset({"inventory:read"})),
        (_("Freshness"), "console:freshness", "clock", under, frozenset({"inventory:read"})),
        (_("Breaches"), "console:breaches", "warning", under, frozenset({"log:read"})),
        (_("Disclosures"), "console:disclosures", "give", opening, frozenset({"inventory:read"})),
        (_("Copies of data"), "console:copies", "copy", under, frozenset({"copy:make"})),
        (_("Consent and contact"), "console:clearance", "flag", under, frozenset({"clearance:read"})),
        (_("Delivery"), "console:delivery", "mail", under, frozenset({"delivery:read"})),
        (
            _("Connected systems"),
            "console:connectors",
            "globe",
            under,
            frozenset({"connector:work", "connector:manage"}),
        ),
        (_("Imports"), "console:imports", "upload", under, frozenset({"list:preview", "list:import"})),
        (_("Screenings"), "console:screenings", "flag", under, frozenset({"list:screen"})),
        (_("Campaigns"), "console:campaigns", "mail", under, frozenset({"campaign:read"})),
        (_("Updates"), "console:updates", "download", under, frozenset({"update:read"})),
        (_("Erasures"), "console:erasures", "stop", under, frozenset({"erasure:run"})),
        (_("Complaints"), "console:complaints", "flag", under, frozenset({"complaint:handle"})),
        (_("Dispositions"), "console:dispositions", "tag", under, frozenset({"conversation:manage"})),
        (pgettext("telephone", "Calls"), "console:numbers", "phone", under, frozenset({"telephony:read"})),
        (_("Recordings"), "console:recordings", "speaker", under, frozenset({"recording:read"})),
        (_("Retention"), "console:retention", "clock", under, frozenset({"retention:work"})),
        (_("Proofs of erasure"), "console:proofs", "seal", under, frozenset({"erasure:run"})),
        (_("Tokens"), "console:tokens", "key", under, frozenset({"token:manage"})),
        (_("Health"), "console:health", "health", under | over, frozenset({"health:read"})),
        (_("Exchange"), "console:phones", "settings", over, frozenset({"telephony:manage"})),
        (_("Mandates"), "console:mandates", "building", over, frozenset({"seat:manage"})),
        (_("Operators"), "console:operators", "people", over, frozenset({"operator:invite", "operator:recover"})),
    ]
    return [
        Section(label, reverse(name), icon, request.path == reverse(name) or _under(request.path, name))
        for label, name, icon, held, needed in wanted
        if held & needed
    ]


def _under(path: str, name: str) -> bool:
    return name != "console:start" and path.startswith(reverse(name))
