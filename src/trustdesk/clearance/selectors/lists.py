"""Reading what is declared and recorded. Nothing here writes or opens."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import (
    ELEMENTS,
    By,
    ConsentEvent,
    ConsentState,
    Decision,
    Evidence,
    Method,
    Notice,
    NoticeKind,
    NoticeText,
    Objection,
    OutsideList,
    PointKind,
    Purpose,
    Recipient,
    RecipientRole,
)
from trustdesk.clearance.models import Notice as NoticeRow
from trustdesk.clearance.models import Recipient as RecipientRow
from trustdesk.clearance.packs import packs
from trustdesk.clearance.scopes import shown
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.subjects import together
from trustdesk.decision.api import lists_that_count
from trustdesk.decision.contracts import Channel, Outcome, OutsideListRule
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError

_EVENTS = """
SELECT id, customer_id, purpose_id, channel, state, at, until, express, of_age, by, method, notice_version,
  notice_language, recording, spoken_from_ms, spoken_to_ms, document_sha256, reference, source_id, recorded_at,
  recorded_by
FROM clearance_consent_event WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY at DESC, id DESC
"""
_OBJECTIONS = """
SELECT id, customer_id, act, purpose_id, purpose_kind, channel, at, by, method, recorded_at, recorded_by
FROM clearance_objection WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY at DESC, id DESC
"""
_DECISIONS = """
SELECT id, customer_id, purpose_id, channel, place, at, outcome, rule_ids, packs_digest, policy_version, operator_id
FROM clearance_decision WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY id DESC LIMIT %s
"""
_KINDS = "SELECT DISTINCT kind FROM clearance_point WHERE controller_id = %s AND customer_id = ANY(%s)"
_SUPPRESSIONS = """
SELECT kind, reason, count(DISTINCT id) FROM clearance_suppression
WHERE controller_id = %s AND act = 'suppressed' GROUP BY kind, reason ORDER BY kind, reason
"""


def purposes(context: AccessContext) -> Sequence[Purpose]:
    """The controller's purposes in the order they were declared, ended ones among them. Needs `clearance:read`."""
    context.check_operation("clearance:read")
    return list(current(context).purposes.values())


def purpose(context: AccessContext, code: str) -> Purpose:
    """One purpose, ended ones too. NotFoundError where it was never declared. Needs `clearance:read`."""
    context.check_operation("clearance:read")
    return current(context).purpose(code)


def notices(
    context: AccessContext, *, kind: NoticeKind | None = None, version: str = "", language: str = ""
) -> Sequence[Notice]:
    """Published notices, newest first. Needs `clearance:read`."""
    context.check_operation("clearance:read")
    wanted = {"kind": kind.value if kind else "", "version": version, "language": language}
    with wire.within(context):
        rows = list(NoticeRow.objects.filter(**{name: text for name, text in wanted.items() if text}).order_by("-id"))
    return [
        Notice(
            notice_id=row.id,
            kind=NoticeKind(row.kind),
            version=row.version,
            language=row.language,
            text=NoticeText(**{element: getattr(row, element) for element in ELEMENTS}),
            published_at=row.published_at,
            published_by=row.published_by,
        )
        for row in rows
    ]


def notice_versions(context: AccessContext, kind: NoticeKind) -> Sequence[str]:
    """The versions of a kind that are published, newest first: what a surface offers where it asks which notice was
    given. Needs `clearance:read`.
    """
    return list(dict.fromkeys(notice.version for notice in notices(context, kind=kind)))


def consents(context: AccessContext, customer_id: int) -> Sequence[ConsentEvent]:
    """The customer's history of consent, merged records among it, newest first; without its words.

    Needs `customer:open`. NotFoundError for a stranger.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        codes = _codes(context)
        rows = wire.fetch(_EVENTS, [context.controller_id, ids])
    return [
        ConsentEvent(
            event_id=row[0],
            customer_id=row[1],
            purpose=codes[row[2]],
            channel=Channel(row[3]) if row[3] else None,
            state=ConsentState(row[4]),
            at=row[5],
            until=row[6],
            express=row[7],
            of_age=row[8],
            evidence=Evidence(
                by=By(row[9]),
                method=Method(row[10]),
                notice_version=row[11],
                notice_language=row[12],
                recording=row[13],
                spoken_ms=None if row[14] is None else (row[14], row[15]),
                document_sha256=bytes(row[16]),
                reference=row[17],
                source_id=row[18],
            ),
            recorded_at=row[19],
            recorded_by=row[20],
        )
        for row in rows
    ]


def objections(context: AccessContext, customer_id: int) -> Sequence[Objection]:
    """The customer's objections and what lifted them, newest first. Needs `customer:open`."""
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        codes = _codes(context)
        rows = wire.fetch(_OBJECTIONS, [context.controller_id, ids])
    return [
        Objection(
            objection_id=row[0],
            customer_id=row[1],
            lifted=row[2] == "lifted",
            scope=shown(codes, row[3], row[4], row[5]),
            at=row[6],
            by=By(row[7]),
            method=Method(row[8]),
            recorded_at=row[9],
            recorded_by=row[10],
        )
        for row in rows
    ]


def decisions(context: AccessContext, customer_id: int, *, limit: int = 100) -> Sequence[Decision]:
    """The recorded verdicts about the customer, newest first. Needs `customer:open`."""
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        codes = _codes(context)
        rows = wire.fetch(_DECISIONS, [context.controller_id, ids, limit])
    return [
        Decision(
            decision_id=row[0],
            customer_id=row[1],
            purpose=codes[row[2]],
            channel=Channel(row[3]),
            place=row[4],
            at=row[5],
            outcome=Outcome(row[6]),
            rule_ids=tuple(row[7]),
            packs_digest=row[8],
            policy_version=row[9],
            operator_id=row[10],
        )
        for row in rows
    ]


def point_kinds(context: AccessContext, customer_id: int) -> frozenset[PointKind]:
    """By which kinds of numbers and addresses the customer can be reached; opens none. Needs `clearance:read`.

    NotFoundError for a stranger.
    """
    context.check_operation("clearance:read")
    with wire.within(context):
        ids = together(context, customer_id)
        return frozenset(PointKind(row[0]) for row in wire.fetch(_KINDS, [context.controller_id, ids]))


def recipients(context: AccessContext) -> Sequence[Recipient]:
    """Everybody data are, will be or were given to, newest first. Needs `clearance:read`."""
    context.check_operation("clearance:read")
    with wire.within(context):
        return [_recipient(row) for row in RecipientRow.objects.order_by("-id")]


def recipient(context: AccessContext, recipient_id: int) -> Recipient:
    """One recipient. NotFoundError where there is none. Needs `clearance:read`."""
    context.check_operation("clearance:read")
    with wire.within(context):
        row = RecipientRow.objects.filter(id=recipient_id).first()
    if row is None:
        raise NotFoundError(_("There is no such recipient."), place="recipient", mend=_("Choose one from the list."))
    return _recipient(row)


def outside_lists(context: AccessContext) -> Sequence[OutsideList]:
    """The lists kept by others that this controller asks, with how fresh each is. Needs `clearance:read`."""
    context.check_operation("clearance:read")
    return [held.about for held in current(context).lists.values()]


def wanted_lists(context: AccessContext) -> Sequence[OutsideListRule]:
    """Lists that are asked, by law or because the company's own rules say so, and that are not declared: where their
    law counts, nothing is permitted. Needs `clearance:read`.
    """
    context.check_operation("clearance:read")
    setup = current(context)
    return [rule for rule in lists_that_count(packs(), setup.policy) if rule.id not in setup.lists]


def suppression_counts(context: AccessContext) -> Sequence[tuple[str, str, int]]:
    """How many acts of suppression there are, by kind of point and reason: nobody can be named from it.

    Needs `clearance:read`.
    """
    context.check_operation("clearance:read")
    with wire.within(context):
        return [(row[0], row[1], row[2]) for row in wire.fetch(_SUPPRESSIONS, [context.controller_id])]


def _recipient(row: RecipientRow) -> Recipient:
    return Recipient(
        recipient_id=row.id,
        name=row.name,
        role=RecipientRole(row.role),
        country=row.country,
        safeguard=row.safeguard,
        purposes=tuple(row.purposes),
        categories=tuple(row.categories),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        notice_email=row.notice_email,
    )


def _codes(context: AccessContext) -> Mapping[int, str]:
    return {purpose.purpose_id: purpose.code for purpose in current(context).purposes.values()}
