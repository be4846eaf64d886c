"""What the invented customers said about being contacted: agreed, refused, took back, objected, each with its proof."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import (
    ALL_MARKETING,
    EVERYTHING,
    By,
    Collection,
    ConsentState,
    Evidence,
    Method,
    Point,
    PointKind,
    Scope,
    SuppressionReason,
)
from trustdesk.decision.contracts import Channel
from trustdesk.demo import texts
from trustdesk.demo.companies import Company
from trustdesk.demo.customers import SEED
from trustdesk.demo.declared import CALLS, NEWSLETTER
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register.contracts import CustomerKind, NewCustomer

SPEAKING = 12
"""Every twelfth person said something: enough to look at, and loaded in a second."""

_WRITTEN = (Method.WEB_FORM, Method.DOUBLE_OPT_IN, Method.PAPER_SCAN, Method.IMPORT)
_SPOKEN = (Method.RECORDED_SENTENCE, Method.KEY_PRESS, Method.PAPER_SCAN)
_WROTE_US = 4
"""Addresses of people who are no customers and want nothing from us."""


@dataclass(frozen=True, slots=True)
class _Person:
    """One who speaks, and when it was first."""

    customer_id: int
    number: str
    language: str
    at: datetime


def speak(
    context: AccessContext,
    company: Company,
    rows: Sequence[NewCustomer],
    ids: Sequence[int],
    *,
    source_id: int,
    now: datetime,
) -> None:
    """The acts of some of the customers just added; the same ones at every first start, in one transaction."""
    chance = random.Random(SEED)  # noqa: S311 - invented people, nothing is guarded by it
    people = [pair for pair in zip(rows, ids, strict=True) if pair[0].kind is CustomerKind.PERSON][::SPEAKING]
    with scoped(context.scope):
        for turn, (row, customer_id) in enumerate(people):
            speaker = _Person(
                customer_id=customer_id,
                number=row.values[0].text,
                language=row.language if row.language in company.languages else "en",
                at=now - timedelta(days=chance.randint(60, 300), minutes=chance.randint(0, 1439)),
            )
            _agreed(context, company, speaker, turn, source_id=source_id, now=now)
            _changed_mind(context, company, speaker, turn, now=now)
        country = rows[0].country
        for number in range(_WROTE_US):
            point = Point(PointKind.EMAIL, f"stranger{number}@{country.lower()}.example.com", country)
            clearance.suppress(context, point=point, scope=EVERYTHING, reason=SuppressionReason.HAND, now=now)


def _agreed(
    context: AccessContext, company: Company, who: _Person, turn: int, *, source_id: int, now: datetime
) -> None:
    """Two in three want the newsletter, one in three calls; every other one gave the address in a purchase."""
    if turn % 2 == 0:
        bought = Collection(from_sale=True, told=True, refused=False)
        clearance.record_collection(context, customer_id=who.customer_id, collection=bought, at=who.at, now=now)
    if turn % 3 != 2:
        method = _WRITTEN[turn // 3 % len(_WRITTEN)]
        proof = _proof(company, who, method, Channel.EMAIL, source_id=source_id)
        runs_out = now - timedelta(days=20) if turn % 15 == 13 else None
        _consent(context, who, NEWSLETTER, Channel.EMAIL, proof, until=runs_out, now=now)
    if turn % 3 == 0:
        method = _SPOKEN[turn // 3 % len(_SPOKEN)]
        proof = _proof(company, who, method, Channel.CALL_HUMAN, source_id=source_id)
        _consent(context, who, CALLS, Channel.CALL_HUMAN, proof, now=now)


def _changed_mind(context: AccessContext, company: Company, who: _Person, turn: int, *, now: datetime) -> None:
    later = who.at + timedelta(days=40)
    if turn % 10 == 6:
        words = texts.words(company.house, "withdrawn", who.language)
        back = Evidence(method=Method.REPLY, by=By.PERSON, words=words, reference="mail")
        clearance.record_consent(
            context,
            customer_id=who.customer_id,
            purpose=NEWSLETTER,
            channel=Channel.EMAIL,
            state=ConsentState.WITHDRAWN,
            evidence=back,
            at=later,
            now=now,
        )
    scope = {5: ALL_MARKETING, 11: Scope(purpose="offers", channel=Channel.POST), 17: EVERYTHING}.get(turn % 20)
    if scope is not None:
        clearance.record_objection(
            context, customer_id=who.customer_id, scope=scope, method=Method.TOLD_OPERATOR, at=later, now=now
        )


def _consent(
    context: AccessContext,
    who: _Person,
    purpose: str,
    channel: Channel,
    proof: Evidence,
    *,
    now: datetime,
    until: datetime | None = None,
) -> None:
    clearance.record_consent(
        context,
        customer_id=who.customer_id,
        purpose=purpose,
        channel=channel,
        state=ConsentState.GIVEN,
        evidence=proof,
        at=who.at,
        until=until,
        express=True,
        now=now,
    )


def _proof(company: Company, who: _Person, method: Method, channel: Channel, *, source_id: int) -> Evidence:
    """What each way of agreeing leaves behind."""
    elsewhere = method is Method.IMPORT
    digest = hashlib.sha256(who.number.encode()).digest()
    begins = 4_200 + who.customer_id % 9_000
    references = {
        Method.DOUBLE_OPT_IN: f"confirmation of {who.at:%Y-%m-%d %H:%M}",
        Method.PAPER_SCAN: f"binder {who.at:%Y-%m}, sheet {who.customer_id % 200}",
        Method.KEY_PRESS: f"call {who.at:%Y%m%d}-{who.customer_id % 10_000:04d}, key 1",
        Method.IMPORT: "export of the previous customer system, column consent_mail",
    }
    return Evidence(
        method=method,
        by=By.SOURCE if elsewhere else By.PERSON,
        words=texts.words(company.house, channel.value, who.language),
        notice_version=texts.VERSION,
        notice_language=who.language,
        recording=f"call-{who.at:%Y%m%d-%H%M}" if method is Method.RECORDED_SENTENCE else "",
        spoken_ms=(begins, begins + 6_300) if method is Method.RECORDED_SENTENCE else None,
        document_sha256=digest if method in {Method.PAPER_SCAN, Method.IMPORT} else b"",
        reference=references.get(method, ""),
        source_id=source_id if elsewhere else None,
    )
