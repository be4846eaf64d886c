"""The promise: one decision (may we contact this person, on this channel, for this purpose, now?), over sealed
customers and isolated companies, costs at most three times one prepared SQL look-up.

Ours: `clearance.api.decide` as desk and delivery call it, for one of the customer's addresses: all facts in one round
trip, the rules of the EU and the customer's country, a verdict with its reasons. Peer: one prepared SELECT of the same
consent by its key, from a table in clear without row-level security, on one open connection. They take turns.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from benchmarks._company import Company, owner_runs
from benchmarks._house import Progress, house, result, say, size
from benchmarks._people import people

if TYPE_CHECKING:
    import psycopg

    from trustdesk.decision.contracts import Channel

PROMISED_ROWS, PROMISED_RATIO = 100_000, 3.0
CHUNK = 5_000
TURNS, WARM = 4_000, 500
GIVEN_AT = datetime(2026, 1, 1, tzinfo=UTC)
TABLES = (
    "clearance_consent_event",
    "clearance_point",
    "clearance_suppression",
    "clearance_setup",
    "register_customer",
    "bench_consent",
)
EVENTS = """
INSERT INTO clearance_consent_event (controller_id, customer_id, id, purpose_id, channel, state, strictness, at,
  express, of_age, by, method, words, notice_version, notice_language, recording, document_sha256, reference, digest,
  recorded_at, recorded_by)
SELECT %s, customer_id, id, %s, 'email', state, 1, %s, true, true, 'person', 'web_form', words, '1', 'en', '', '', '',
  sha256(id::text::bytea), %s, 0
FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::bytea[]) AS fresh (customer_id, id, state, words)
"""
PLAIN = (
    """CREATE TABLE bench_consent AS SELECT controller_id, customer_id, id, purpose_id, channel, state, at, until,
    express, of_age, by, method, notice_version, recorded_at, recorded_by FROM clearance_consent_event WITH NO DATA""",
    "GRANT SELECT, INSERT ON bench_consent TO trustdesk_app",
)
KEY = "ALTER TABLE bench_consent ADD PRIMARY KEY (controller_id, customer_id, id)"
COPY = """
INSERT INTO bench_consent SELECT controller_id, customer_id, id, purpose_id, channel, state, at, until, express, of_age,
  by, method, notice_version, recorded_at, recorded_by FROM clearance_consent_event
"""
PEER = "SELECT * FROM bench_consent WHERE controller_id = %s AND customer_id = %s AND id = %s"
ADDRESSES = "SELECT customer_id, value_id FROM clearance_point WHERE kind = 'email'"


def main() -> None:
    count = size(PROMISED_ROWS)
    with house():
        from trustdesk.decision.contracts import Channel  # noqa: PLC0415  # after django.setup()

        company = Company("Bench", "FI")
        purpose_id = _purpose(company)
        consents = _fill(company, purpose_id, count)
        ours, peer, permitted = _in_turn(company, consents, Channel.EMAIL)
    say(f"  decide: p50 {ours * 1000:.0f} us, peer {peer * 1000:.0f} us, {permitted:.0%} permitted")
    ratio = ours / peer
    result(
        bench="decide",
        ours=ours,
        peer=peer,
        unit="ms p50",
        holds=count >= PROMISED_ROWS and ratio <= PROMISED_RATIO,
        rows=count,
        permitted=round(permitted, 3),
    )


def _purpose(company: Company) -> int:
    from trustdesk.clearance.api import declare_purpose  # noqa: PLC0415
    from trustdesk.clearance.contracts import NewPurpose  # noqa: PLC0415
    from trustdesk.decision.contracts import PurposeKind  # noqa: PLC0415

    purpose = NewPurpose(
        code="news",
        label="News",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )
    return declare_purpose(company.context(), purpose=purpose, now=datetime.now(UTC))


def _fill(company: Company, purpose_id: int, count: int) -> list[tuple[int, int]]:
    """Customers with an e-mail address, each with a consent: three of four given, the others withdrawn."""
    owner_runs(*PLAIN)
    shown = Progress(f"filling up to {count:,}", count)
    consents: list[tuple[int, int]] = []
    stream = people(count)
    while chunk := list(islice(stream, CHUNK)):
        added = company.add(chunk)
        customers = [outcome.customer_id for outcome in added.outcomes if outcome.customer_id is not None]
        consents += _consents(company, purpose_id, customers)
        shown.at(len(consents))
    say("  vacuum and analyze")
    owner_runs(KEY, *(f"VACUUM ANALYZE {table}" for table in TABLES))
    return consents


def _consents(company: Company, purpose_id: int, customers: list[int]) -> list[tuple[int, int]]:
    import psycopg  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from trustdesk.isolation.api import scoped  # noqa: PLC0415
    from trustdesk.kernel.ids import new_id  # noqa: PLC0415
    from trustdesk.vault.api import Place, Sealer  # noqa: PLC0415

    context, ids = company.context(), [new_id() for _customer in customers]
    states = ["withdrawn" if number % 4 == 0 else "given" for number in range(len(customers))]
    with scoped(context.scope), psycopg.Cursor(connection.connection) as cursor:
        with Sealer(context) as sealer:
            sealer.prepare(customers)
            words = [
                sealer.seal(
                    customer, "proof", Place("clearance_consent_event", "words", row=event), "Yes, send me news."
                )
                for customer, event in zip(customers, ids, strict=True)
            ]
        now = datetime.now(UTC)
        cursor.execute(EVENTS, [context.controller_id, purpose_id, GIVEN_AT, now, customers, ids, states, words])
        cursor.execute(COPY + " WHERE recorded_at = %s", [now])
    return list(zip(customers, ids, strict=True))


def _in_turn(company: Company, consents: list[tuple[int, int]], channel: "Channel") -> tuple[float, float, float]:
    """Median milliseconds of ours and of the peer, and how often it was permitted."""
    import psycopg  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from trustdesk.clearance.api import decide  # noqa: PLC0415

    ours: list[float] = []
    theirs: list[float] = []
    permitted = 0
    context, now = company.context(), datetime.now(UTC)
    with psycopg.connect(settings.TRUSTDESK_CONNINFO["app"], autocommit=True, prepare_threshold=1) as peer:
        addresses = _addresses(peer, context.scope)
        asked = random.Random(7).choices(consents, k=TURNS + WARM)
        for number, (customer, event) in enumerate(asked):
            value, at = addresses[customer], now + timedelta(milliseconds=number)

            def mine(customer: int = customer, value: int = value, at: datetime = at) -> bool:
                verdict = decide(
                    context,
                    customer_id=customer,
                    value_id=value,
                    channel=channel,
                    purpose="news",
                    now=at,
                )
                return verdict.permitted

            def plain(customer: int = customer, event: int = event) -> bool:
                return peer.execute(PEER, (company.controller_id, customer, event)).fetchone() is not None

            yes, took = _timed(mine)
            found, peer_took = _timed(plain)
            assert found
            if number >= WARM:
                permitted += yes
                ours.append(took)
                theirs.append(peer_took)
    return median(ours), median(theirs), permitted / len(ours)


def _addresses(connection: "psycopg.Connection", scope: str) -> dict[int, int]:
    with connection.transaction():
        connection.execute("SELECT set_config('trustdesk.scope', %s, true)", [scope])
        return dict(connection.execute(ADDRESSES).fetchall())


def _timed(work: Callable[[], bool]) -> tuple[bool, float]:
    started = time.perf_counter()
    got = work()
    return got, (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
