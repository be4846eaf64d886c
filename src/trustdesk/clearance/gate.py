"""The gate at which lists meet the suppression list. Suppression stops lists, not people: whoever comes by an own act
(a source of kind `direct`, informed under GDPR Art. 13) is let in, and is not contacted for what was objected to.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.tokens import POINT_KINDS, TokenMaker
from trustdesk.decision.contracts import PurposeKind
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Admission, Candidate
from trustdesk.register.api import source
from trustdesk.register.contracts import SourceKind

_LAW = "GDPR Art. 21(3), 17(3)(b)"
_ADMITTED = Admission(admitted=True)
# Held for a contract or a legal duty, an objection to advertising does not keep a customer out: only what speaks of
# everything does.
_NOT_FOR_MARKETING = ("eu-gdpr:A6-1-b", "eu-gdpr:A6-1-c")
_NAMESPACE = "https://w3id.org/dpv/legal/eu/gdpr#"
_ACTS = """
SELECT token, purpose_kind, act, max(at) FROM clearance_suppression
WHERE controller_id = %b AND token = ANY(%b) AND purpose_id IS NULL AND channel = ''
GROUP BY token, purpose_kind, act
"""
_NEVER = datetime.min.replace(tzinfo=UTC)


class SuppressionGate:
    """Registered in `kernel.registries.admission`; asked at import, capture and merge."""

    name = "clearance.suppression"

    def ask(self, context: AccessContext, candidates: Sequence[Candidate]) -> Sequence[Admission]:
        """Refused are candidates of a list that have a point which is suppressed for everything or, where the list
        is held for more than a contract or a legal duty, for all marketing. Narrower suppressions keep nobody out:
        they are asked for at every contact.
        """
        with wire.within(context):
            widths = {number: _widths(context, number) for number in {each.source_id for each in candidates}}
            maker = TokenMaker(context)
            tokens = [_tokens(maker, each) if widths[each.source_id] else [] for each in candidates]
            suppressed = _suppressed(context, [token for found in tokens for token in found])
        return [
            _refused() if any(widths[each.source_id] & suppressed.get(token, set()) for token in found) else _ADMITTED
            for each, found in zip(candidates, tokens, strict=True)
        ]


def _widths(context: AccessContext, source_id: int) -> set[str]:
    """The kinds of purposes ('' is every one) whose suppression keeps this source's people out."""
    found = source(context, source_id)
    if found.kind is SourceKind.DIRECT:
        return set()
    basis = found.legal_basis.replace(_NAMESPACE, "eu-gdpr:")
    if found.kind is not SourceKind.BOUGHT and basis.startswith(_NOT_FOR_MARKETING):
        return {""}
    return {"", PurposeKind.MARKETING.value}


def _tokens(maker: TokenMaker, candidate: Candidate) -> list[bytes]:
    return [
        token.token for kind, text in candidate.suppression_values for token in maker.plain(POINT_KINDS[kind], text)
    ]


def _suppressed(context: AccessContext, tokens: Sequence[bytes]) -> Mapping[bytes, set[str]]:
    """By token, the kinds of purposes it is suppressed for as a whole. An act that lifts everything lifts each kind."""
    if not tokens:
        return {}
    acts: dict[bytes, dict[tuple[str, str], datetime]] = {}
    for token, kind, act, at in wire.fetch(_ACTS, [context.controller_id, list(tokens)]):
        acts.setdefault(bytes(token), {})[act, kind] = at
    return {token: _standing(held) for token, held in acts.items()}


def _standing(acts: Mapping[tuple[str, str], datetime]) -> set[str]:
    everything_lifted = acts.get(("lifted", ""), _NEVER)
    return {
        kind
        for (act, kind), at in acts.items()
        if act == "suppressed" and at >= max(everything_lifted, acts.get(("lifted", kind), _NEVER))
    }


def _refused() -> Admission:
    return Admission(
        admitted=False,
        reason=_("A number or address is on the company's suppression list: only the person can come back."),
        source_of_law=_LAW,
    )
