"""Searches, what they found, and certificates, as they stand. Nothing here writes."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils.translation import gettext as _

from trustdesk.audit import api as audit
from trustdesk.audit.contracts import Vouched
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.proof.contracts import (
    CertificateView,
    Coverage,
    HitState,
    HitView,
    PartKind,
    PartState,
    PartView,
    SearchState,
    SearchView,
)
from trustdesk.proof.documents import document
from trustdesk.proof.keys import public_key
from trustdesk.proof.models import Certificate, Found, Part, Search
from trustdesk.proof.sought import SERVICE, found_place
from trustdesk.vault.api import SealedBox, open_many

OPERATION = "erasure:run"
_MOST = 200


def search_of(context: AccessContext, plan_id: int, *, locked: bool = False) -> Search:
    """The row. NotFoundError where the plan has no search. Inside the scope."""
    rows = Search.objects.filter(controller_id=context.controller_id, plan_id=plan_id)
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise missing()
    return row


def missing() -> NotFoundError:
    """What is raised where a plan has no search."""
    return NotFoundError(_("There is no proof of this erasure."), place="proof")


def search(context: AccessContext, plan_id: int) -> SearchView:
    """See `proof.api.search`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        row = search_of(context, plan_id)
        return _views(context, [row])[0]


def searches(context: AccessContext, *, limit: int) -> Sequence[SearchView]:
    """See `proof.api.searches`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rows = Search.objects.filter(controller_id=context.controller_id).order_by("-prepared_at", "-id")
        return _views(context, list(rows[:limit]))


def hits(context: AccessContext, plan_id: int) -> Sequence[HitView]:
    """See `proof.api.hits`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        row = search_of(context, plan_id)
        own = Found.objects.filter(controller_id=context.controller_id, search_id=row.id)
        found = list(own.order_by("what", "id")[:_MOST])
        texts = _opened(context, row, found)
    return [_hit(row, one, texts.get(one.id)) for one in found]


def certificate(context: AccessContext, plan_id: int) -> CertificateView:
    """See `proof.api.certificate`."""
    context.check_operation("log:read")
    with scoped(context.scope):
        row = Certificate.objects.filter(controller_id=context.controller_id, plan_id=plan_id).first()
        if row is None:
            raise NotFoundError(_("There is no certificate of this erasure yet."), place="certificate")
    return view(context, row)


def certificates(context: AccessContext, *, limit: int) -> Sequence[CertificateView]:
    """See `proof.api.certificates`."""
    context.check_operation("log:read")
    with scoped(context.scope):
        rows = list(
            Certificate.objects.filter(controller_id=context.controller_id).order_by("-issued_at", "-id")[:limit]
        )
    return [view(context, row, vouched=None) for row in rows]


def view(context: AccessContext, row: Certificate, *, vouched: Vouched | bool | None = True) -> CertificateView:
    """The row as it crosses the door, with the log's proof where there is one already."""
    found = _vouched(context, row) if vouched is True else None
    return CertificateView(
        plan_id=row.plan_id,
        number=row.number,
        issued_at=row.issued_at,
        backup_free_from=row.backup_free_from,
        in_log=found is not None,
        document=document(row.text, bytes(row.signature), key=public_key(context), vouched=found),
    )


def _vouched(context: AccessContext, row: Certificate) -> Vouched | None:
    try:
        return audit.vouched(context, row.entry_id)
    except NotFoundError:
        return None


def _opened(context: AccessContext, row: Search, found: Sequence[Found]) -> Mapping[int, tuple[str, str]]:
    """Place and context of each, in one opening; none where the key is destroyed."""
    sealed = [one for one in found if one.sealed is not None]
    if not sealed or row.state == SearchState.PROVED:
        return {}
    boxes = [SealedBox(row.id, SERVICE, found_place(one.id), bytes(one.sealed or b"")) for one in sealed]
    texts = open_many(context, opening=Opening("proof.hits", [row.id], ["context"]), boxes=boxes)
    contents = {one.id: json.loads(text) for one, text in zip(sealed, texts, strict=True) if text is not None}
    return {identifier: (_place(said["place"]), said["context"]) for identifier, said in contents.items()}


def _place(place: Mapping[str, object]) -> str:
    """Where exactly, in a line: for the eye of who decides."""
    return " · ".join(", ".join(map(str, said)) if isinstance(said, list) else str(said) for said in place.values())


def _hit(row: Search, one: Found, text: tuple[str, str] | None) -> HitView:
    return HitView(
        hit_id=one.id,
        plan_id=row.plan_id,
        kind=PartKind(one.kind),
        what=one.what,
        state=HitState(one.state),
        found_at=one.found_at,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        reason=one.reason,
        law=one.law,
        place=text[0] if text else None,
        context=text[1] if text else None,
    )


def _views(context: AccessContext, rows: Sequence[Search]) -> list[SearchView]:
    own = {"controller_id": context.controller_id}
    parts: dict[int | None, list[PartView]] = {row.round_id: [] for row in rows}
    rounds = [number for number in parts if number is not None]
    for part in Part.objects.filter(**own, round_id__in=rounds).order_by("round_id", "kind", "name"):
        parts[part.round_id].append(_part(part))
    hits = Found.objects.filter(**own, search_id__in=[row.id for row in rows])
    counted = hits.values("search_id", "state").annotate(many=Count("id")).order_by("search_id")
    found = {(one["search_id"], HitState(one["state"])): one["many"] for one in counted}
    return [
        _view(row, parts[row.round_id], {state: found.get((row.id, state), 0) for state in HitState}) for row in rows
    ]


def _part(part: Part) -> PartView:
    return PartView(
        kind=PartKind(part.kind),
        name=part.name,
        state=PartState(part.state),
        columns=part.columns,
        rows=part.rows,
        files=part.files,
        size=part.size,
        milliseconds=part.milliseconds,
        unread=part.unread,
    )


def _view(row: Search, parts: Sequence[PartView], found: Mapping[HitState, int]) -> SearchView:
    return SearchView(
        plan_id=row.plan_id,
        state=SearchState(row.state),
        variants=row.variants,
        prepared_at=row.prepared_at,
        handed_out_at=row.handed_out_at,
        systems=row.systems,
        began_at=row.began_at,
        ended_at=row.ended_at,
        milliseconds=sum(part.milliseconds for part in parts),
        parts=parts,
        coverage=coverage(parts),
        hits=found,
    )


def coverage(parts: Sequence[PartView]) -> Coverage:
    """What was reached, added up."""
    unread: Counter[str] = Counter()
    for part in parts:
        unread.update(part.unread)
    tables = [part for part in parts if part.kind is PartKind.TABLE]
    return Coverage(
        tables=len(tables),
        columns=sum(part.columns for part in tables),
        rows=sum(part.rows for part in tables),
        sealed=sum(part.rows for part in parts if part.kind is PartKind.SEALED),
        files=sum(part.files for part in parts),
        size=sum(part.size for part in parts),
        unread=dict(unread),
    )
