"""What the ledger knows of somebody who is about to come in.

One number alone identifies nobody: it may be somebody else's by now. A name alone is many people's. Who has a name and
it is another one is another person, of the same household perhaps; who has none is taken for the person by an e-mail
address, or by two kinds of contact points. A customer number is the company's own word for one person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from django.utils.translation import gettext as _

from trustdesk.erasure.contracts import Gone, SightingView, Verdict
from trustdesk.erasure.models import Sighting
from trustdesk.erasure.services.ledger import Match, anybody, matches
from trustdesk.erasure.services.reading import OPERATION
from trustdesk.isolation.api import joined, scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.vault.api import TokenKind

_POINTS = frozenset({"phone", "email", "address"})
_NOBODY = Gone(Verdict.UNKNOWN)
_ALIKE = 2


def gone(
    context: AccessContext, *, values: Sequence[tuple[str, str]], as_of: datetime | None, country: str = ""
) -> Gone:
    """See `erasure.api.gone`."""
    del country  # values are in their one notation
    return gone_many(context, [(values, as_of)])[0]


def gone_many(
    context: AccessContext, asked: Sequence[tuple[Sequence[tuple[str, str]], datetime | None]]
) -> Sequence[Gone]:
    """The same for many, in their order and in one question."""
    with joined(context.scope):
        if not anybody(context):
            return [_NOBODY] * len(asked)
        found = matches(context, [cast("Sequence[tuple[TokenKind, str]]", values) for values, _as_of in asked])
    return [
        _verdict(alike, {kind for kind, _text in values}, as_of)
        for (values, as_of), alike in zip(asked, found, strict=True)
    ]


def _verdict(alike: Mapping[int, Match], given: set[str], as_of: datetime | None) -> Gone:
    before = {plan: match for plan, match in alike.items() if as_of is None or as_of < match.erased_at}
    erased = {plan: match for plan, match in before.items() if _same(match.kinds, given)}
    if erased:
        return _gone(Verdict.ERASED, erased)
    doubtful = {plan: match for plan, match in before.items() if match.kinds & _POINTS}
    return _gone(Verdict.REVIEW, doubtful) if doubtful else _NOBODY


def _same(kinds: set[str], given: Iterable[str]) -> bool:
    if "external_id" in kinds:
        return True
    if "name" in given:
        return "name" in kinds and len(kinds) >= _ALIKE
    return "email" in kinds or len(kinds) >= _ALIKE


def _gone(verdict: Verdict, found: Mapping[int, Match]) -> Gone:
    kinds = sorted({kind for match in found.values() for kind in match.kinds})
    return Gone(verdict, tuple(sorted(found)), tuple(kinds), max(match.erased_at for match in found.values()))


def sightings(context: AccessContext, *, limit: int) -> Sequence[SightingView]:
    """See `erasure.api.sightings`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rows = Sighting.objects.filter(controller_id=context.controller_id, seen_at__isnull=True)
        return [
            SightingView(
                sighting_id=row.id,
                plan_id=row.plan_id,
                place=row.place,
                source_id=row.source_id,
                verdict=Verdict(row.verdict),
                kinds=tuple(row.kinds),
                first_at=row.first_at,
                last_at=row.last_at,
                times=row.times,
            )
            for row in rows.order_by("-last_at", "-id")[:limit]
        ]


def seen(context: AccessContext, *, sighting_id: int, now: datetime) -> None:
    """See `erasure.api.seen`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rows = Sighting.objects.filter(controller_id=context.controller_id, id=sighting_id, seen_at__isnull=True)
        if not rows.update(seen_at=now, seen_by=context.operator_id):
            raise NotFoundError(_("There is no such alarm; somebody may have looked at it."), place="sighting")
        context.journal.deed(context, "erasure.sighting.seen", detail={"sighting": sighting_id})
