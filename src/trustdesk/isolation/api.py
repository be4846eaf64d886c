"""Isolation between controllers. What the code above does wrong, the database refuses.

Public door of this capability; GDPR Art. 28(3), 32(1).
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import connections

from trustdesk.isolation.connections import ask, close_pools, in_scope, joined, raw_pool, reading, scoped, write_apart
from trustdesk.isolation.locks import held_alone
from trustdesk.isolation.policies import opened_to_scope, owned
from trustdesk.isolation.scope import NO_CONTROLLER, hmac_pads, scope_text

__all__ = [
    "DEFINER_FUNCTIONS",
    "NOT_OWNED",
    "ask",
    "close_pools",
    "held_alone",
    "in_scope",
    "install_scope_key",
    "joined",
    "opened_to_scope",
    "owned",
    "raw_pool",
    "reading",
    "scoped",
    "sign_operator_scope",
    "sign_scope",
    "write_apart",
]

NOT_OWNED: Mapping[str, str] = {
    "django_migrations": "the state of the schema; no personal data",
    "django_content_type": "names of models; no personal data",
    "audit_installation_key": "wrapped keys of the installation's own log, which belongs to no controller",
    "audit_position": "how far the sequencer has come; the runtime role has no right to it",
    "procrastinate_jobs": "orders of work: identifiers only, the worker makes its own context",
    "procrastinate_events": "when a job was ordered, begun and done",
    "procrastinate_periodic_defers": "when a periodic job was last ordered",
    "procrastinate_workers": "which workers are alive",
    "isolation_scope_key": "the key of the scope's signature; readable by the policies' own role only",
    "accounts_operator": "staff may answer for several controllers; which ones stands in their seats",
    "accounts_session": "a session begins before a company is chosen",
    "accounts_link": "invitations of operators",
    "accounts_recovery": "lost factors of operators",
    "accounts_elevated_session": "elevated sessions of operators",
    "accounts_cache": "throttle counters under keyed digests",
    "account_emailaddress": "addresses of operators, kept by django-allauth",
    "account_emailconfirmation": "unused: the invitation's link proves the address",
    "mfa_authenticator": "second factors of operators, secrets sealed",
    "socialaccount_socialaccount": "operators known to the company's identity provider, by its number for them only",
    "socialaccount_socialapp": "unused: the identity provider stands in the settings",
    "socialaccount_socialtoken": "unused: tokens of the identity provider are not kept",
    "auth_permission": "unused by us, demanded by Django's sign-in",
    "auth_group": "unused by us, demanded by Django's sign-in",
    "auth_group_permissions": "unused by us, demanded by Django's sign-in",
    "telephony_directory": "a call comes in before a company is known; holds what anybody is told who asks who called",
    "telephony_trunk": "carriers of the installation: one exchange serves all companies; passwords wrapped",
    "telephony_trunk_day": "how many calls went over a trunk on a day; numbers only",
    "telephony_phone": "phones of operators, who may answer for several companies; digests wrapped",
    "telephony_edge": "how the exchange stands in the network",
    "telephony_serial": "counts the changes of the exchange's settings",
    "feeds_postcode": "postcodes and their towns, as the post publishes them; the same for every company",
    "feeds_street": "streets and their postcodes, as the post publishes them; the same for every company",
    "mandates_controller": "the list of companies itself; no personal data",
    "mandates_processor": "the list of outsourcers; no personal data",
}
"""Tables without a controller, each with its reason. Whoever adds a table adds it here or makes it owned."""

DEFINER_FUNCTIONS: Mapping[str, str] = {
    "trustdesk_scope_part": "checks the signature of the scope against a key the runtime role can't read",
    "trustdesk_scope_controller": "the policies ask it; reads mandates whatever the scope",
    "trustdesk_scope_operator": "the policies ask it",
    "trustdesk_scope_mandate": "the policies ask it",
    "trustdesk_scope_chooser": "shows an operator the own seats before a company is chosen",
    "clearance_facts": "checks the scope once for the nine tables of one decision, and asks each for its controller",
    "conversations_offering": "finds by an index that the policies forbid, in the scope's own controller alone",
    "identity_links_of": "finds by an index that the policies forbid, in the scope's own controller alone",
    "trustdesk_scope_administered": "opens the mandates of one controller to whoever begins and ends them",
}
"""The SECURITY DEFINER functions that may exist, each with its reason."""


def sign_scope(*, controller_id: int, operator_id: int, mandate_id: int, session_id: str, expires_at: datetime) -> str:
    """The scope of one operator working for one controller under one mandate, until `expires_at`.

    Signed with HMAC-SHA256 (RFC 2104) under the scope key. The database returns no row for a scope that is altered,
    expired, or whose mandate has not begun or has ended.
    """
    return scope_text(
        settings.TRUSTDESK_SCOPE_KEY,
        controller_id=controller_id,
        operator_id=operator_id,
        mandate_id=mandate_id,
        session_id=session_id,
        expires_at=expires_at,
    )


def sign_operator_scope(*, operator_id: int, session_id: str, expires_at: datetime) -> str:
    """The scope of an operator who has not chosen a controller yet: it shows the operator's own seats, nothing else."""
    return sign_scope(
        controller_id=NO_CONTROLLER,
        operator_id=operator_id,
        mandate_id=0,
        session_id=session_id,
        expires_at=expires_at,
    )


def install_scope_key() -> None:
    """Give the database the key that the policies check signatures with. As the owner, after migrating."""
    inner, outer = hmac_pads(settings.TRUSTDESK_SCOPE_KEY)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO isolation_scope_key (id, inner_pad, outer_pad) VALUES (1, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET inner_pad = EXCLUDED.inner_pad, outer_pad = EXCLUDED.outer_pad",
            [inner, outer],
        )
