"""A register as screening finds it: persons, numbers, consents, objections, suppressions, a list. The same for a seed.

Columns are drawn with numpy and handed to PostgreSQL as Arrow by its superuser, past the policies and the triggers of
single rows; the policies stay forced for everybody else. Tokens are drawn instead of computed: nobody could tell.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute
from adbc_driver_postgresql import dbapi

from benchmarks._company import Company
from benchmarks._house import say
from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
COUNTRIES = np.array(["HU", "FI", "PL", "DE", "AT", "SE"], dtype=object)
COUNTRY_SHARES = [0.25, 0.2, 0.25, 0.2, 0.07, 0.03]
_BATCH = 250_000
_TOKEN_BYTES = 32
_YEARS = 4 * 365 * 86_400
_PERSON, _VALUE, _EVENT, _ACT = (kind << 40 for kind in (1, 2, 3, 4))
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sizes:
    """All in proportion to the rows of the list."""

    rows: int

    @property
    def persons(self) -> int:
        return 2 * self.rows

    @property
    def events(self) -> int:
        return 6 * self.rows

    @property
    def suppressions(self) -> int:
        return self.rows // 2


@dataclass(frozen=True, slots=True)
class Filled:
    list_id: int
    purpose_id: int
    other_id: int


class Register:
    """Fills one company."""

    def __init__(self, home: Home, company: Company, sizes: Sizes, *, seed: int = 20261125) -> None:
        self._cluster = Cluster(home)
        self._password = home.database_passwords()["postgres"]
        self._company, self._sizes = company, sizes
        self._chance = np.random.default_rng(seed)
        self._tokens = self._chance.bytes(_TOKEN_BYTES * sizes.persons)
        self._mail_tokens = self._chance.bytes(_TOKEN_BYTES * sizes.persons)
        self._countries = self._pick(COUNTRIES, COUNTRY_SHARES, sizes.persons)

    def fill(self, purpose_id: int, other_id: int, list_id: int, *, kind: str = "phone") -> Filled:
        with dbapi.connect(self._uri()) as connection:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
            self._connection = connection
            for what in (self._customers, self._points, self._collections, self._objections, self._suppressions):
                what(purpose_id)
            self._events(purpose_id, other_id)
            self._rows(list_id, kind)
            connection.commit()
        return Filled(list_id, purpose_id, other_id)

    def _uri(self) -> str:
        return f"host={self._cluster.socket_folder} user=postgres password={self._password} dbname=trustdesk"

    def _put(self, table: str, columns: Mapping[str, pa.Array]) -> None:
        rows = len(next(iter(columns.values())))
        own = pa.array(np.full(rows, self._company.controller_id, dtype=np.int32))
        made = pa.table({"controller_id": own, **columns})
        with self._connection.cursor() as cursor:
            cursor.adbc_ingest(table, made, mode="append")
        say(f"  {table}: {rows:,} rows")

    def _pick(self, choices: npt.NDArray[np.object_], shares: list[float], count: int) -> npt.NDArray[np.object_]:
        return choices[self._chance.choice(len(choices), size=count, p=shares)]

    def _instants(self, count: int) -> pa.Array:
        """In the four years before, to the microsecond: two of one person's hardly ever fall together."""
        seconds = self._chance.integers(0, _YEARS, count)
        micros = self._chance.integers(0, 1_000_000, count)
        start = int((AT - timedelta(days=4 * 365)).timestamp())
        return _instants((start + seconds) * 1_000_000 + micros)

    def _customers(self, _purpose_id: int) -> None:
        count = self._sizes.persons
        ids = _PERSON + np.arange(count, dtype=np.int64)
        kinds = np.array(["person", "sole_trader", "named_employee", "company"], dtype=object)
        countries = self._countries.copy()
        countries[self._chance.random(count) < 0.01] = ""
        restricted = self._chance.random(count) < 0.003
        merged = self._chance.random(count) < 0.005
        merged[0] = False
        # Into somebody before them who is nobody's part.
        into = np.where(merged, _PERSON + _root_before(merged), 0)
        now = pa.array([AT] * count, pa.timestamp("us", "UTC"))
        self._put(
            "register_customer",
            {
                "id": pa.array(ids),
                "kind": pa.array(self._pick(kinds, [0.8, 0.07, 0.06, 0.07], count)),
                "headline": pa.array([b""] * count, pa.binary()),
                "language": pa.array([""] * count),
                "country": pa.array(countries),
                "customer_since": pa.array(self._chance.integers(15_000, 20_000, count).astype(np.int32), pa.date32()),
                "last_sale_date": pa.nulls(count, pa.date32()),
                "product_groups": pa.array([["energy"]] * count, pa.list_(pa.string())),
                "source_id": pa.array(np.full(count, self._company.source_id, dtype=np.int64)),
                "collected_at": now,
                "restricted_at": pa.array([AT] * count, pa.timestamp("us", "UTC"), mask=~restricted),
                "restriction_ground": pa.array(["a"] * count, mask=~restricted),
                "merged_into": pa.array(into, mask=~merged),
                "created_at": now,
                "created_by": pa.array(np.zeros(count, dtype=np.int64)),
                "updated_at": now,
                "token_edition": pa.array(np.ones(count, dtype=np.int16)),
            },
        )

    def _points(self, _purpose_id: int) -> None:
        count = self._sizes.persons
        ids = np.arange(count, dtype=np.int64)
        # One household in fifty shares its number with the one before.
        phones = np.where(self._chance.random(count) < 0.02, np.maximum(ids - 1, 0), ids)
        for offset, kind, tokens, owners in (
            (0, "phone", self._tokens, phones),
            (count, "email", self._mail_tokens, ids),
        ):
            phone = kind == "phone"
            self._put(
                "clearance_point",
                {
                    "customer_id": pa.array(_PERSON + ids),
                    "value_id": pa.array(_VALUE + offset + ids),
                    "version": pa.array(np.ones(count, dtype=np.int16)),
                    "level": pa.array(np.ones(count, dtype=np.int16)),
                    "kind": pa.array([kind] * count),
                    "country": pa.array(self._countries[owners]) if phone else pa.nulls(count, pa.string()),
                    "token": _tokens(tokens, owners),
                    "hashed": pa.nulls(count, pa.binary()),
                    "domain": pa.nulls(count, pa.binary()),
                },
            )

    def _events(self, purpose_id: int, other_id: int) -> None:
        for start in range(0, self._sizes.events, 4 * _BATCH):
            self._event_batch(start, min(4 * _BATCH, self._sizes.events - start), purpose_id, other_id)

    def _event_batch(self, start: int, count: int, purpose_id: int, other_id: int) -> None:
        states = np.array(["given", "withdrawn", "refused", "expired", "requested", "presumed"], dtype=object)
        strictness = {"given": 1, "presumed": 2, "requested": 3, "expired": 4, "refused": 5, "withdrawn": 6}
        state = self._pick(states, [0.62, 0.12, 0.08, 0.03, 0.1, 0.05], count)
        channels = np.array(["call_human", "email", "sms", "post"], dtype=object)
        channel = self._pick(channels, [0.4, 0.35, 0.15, 0.1], count)
        ends = np.isin(state, ["withdrawn", "refused", "expired"])
        channel[ends & (self._chance.random(count) < 0.1)] = ""
        given = state == "given"
        at = self._instants(count)
        lasting = pa.array(np.where(given & (self._chance.random(count) < 0.1), 400, 0) * 86_400_000_000)
        until = _plus(at, lasting)
        express = given & (self._chance.random(count) < 0.7)
        of_age = self._pick(np.array([True, False, None], dtype=object), [0.97, 0.01, 0.02], count)
        methods = np.array(["web_form", "import", "double_opt_in"], dtype=object)
        nothing = pa.array([""] * count)
        self._put(
            "clearance_consent_event",
            {
                "customer_id": pa.array(_PERSON + self._chance.integers(0, self._sizes.persons, count)),
                "id": pa.array(_EVENT + start + np.arange(count, dtype=np.int64)),
                "purpose_id": pa.array(np.where(self._chance.random(count) < 0.7, purpose_id, other_id)),
                "channel": pa.array(channel),
                "state": pa.array(state),
                "strictness": pa.array(np.array([strictness[one] for one in state], dtype=np.int16)),
                "at": at,
                "until": until,
                "express": pa.array(express),
                "of_age": pa.array(of_age),
                "by": pa.array(np.where(self._chance.random(count) < 0.9, "person", "source").astype(object)),
                "method": pa.array(self._pick(methods, [0.5, 0.3, 0.2], count)),
                "words": pa.array([bytes(60)] * count, pa.binary()),
                "notice_version": nothing,
                "notice_language": nothing,
                "recording": nothing,
                "document_sha256": pa.array([b""] * count, pa.binary()),
                "reference": nothing,
                "digest": _tokens(self._chance.bytes(_TOKEN_BYTES * count), np.arange(count)),
                "recorded_at": at,
                "recorded_by": pa.array(np.zeros(count, dtype=np.int64)),
            },
        )

    def _objections(self, purpose_id: int) -> None:
        count = self._sizes.persons // 50
        kind = self._pick(np.array(["", "marketing"], dtype=object), [0.4, 0.6], count)
        own = (kind == "marketing") & (self._chance.random(count) < 0.3)
        channels = np.array(["", "call_human", "email"], dtype=object)
        self._put(
            "clearance_objection",
            {
                "customer_id": pa.array(_PERSON + self._chance.integers(0, self._sizes.persons, count)),
                "id": pa.array(_ACT + np.arange(count, dtype=np.int64)),
                "act": pa.array(self._pick(np.array(["objected", "lifted"], dtype=object), [0.85, 0.15], count)),
                "purpose_id": pa.array(np.full(count, purpose_id, dtype=np.int64), mask=~own),
                "purpose_kind": pa.array(kind),
                "channel": pa.array(self._pick(channels, [0.5, 0.3, 0.2], count)),
                "at": self._instants(count),
                "by": pa.array(["person"] * count),
                "method": pa.array(["web_form"] * count),
                "words": pa.array([bytes(60)] * count, pa.binary()),
                "reference": pa.array([""] * count),
                "digest": _tokens(self._chance.bytes(_TOKEN_BYTES * count), np.arange(count)),
                "recorded_at": pa.array([AT] * count, pa.timestamp("us", "UTC")),
                "recorded_by": pa.array(np.zeros(count, dtype=np.int64)),
            },
        )

    def _suppressions(self, _purpose_id: int) -> None:
        """Half of people in the register, half of strangers, some of whom are on the list."""
        count = self._sizes.suppressions
        strangers = self._chance.bytes(_TOKEN_BYTES * (count - count // 2))
        own = pa.concat_arrays(
            [
                _tokens(self._tokens, self._chance.integers(0, self._sizes.persons, count // 4)),
                _tokens(self._mail_tokens, self._chance.integers(0, self._sizes.persons, count // 2 - count // 4)),
            ]
        )
        others = _tokens(strangers, np.arange(count - count // 2))
        self._strangers = strangers
        kind = self._pick(np.array(["", "marketing"], dtype=object), [0.5, 0.5], count)
        channels = np.array(["", "call_human", "sms"], dtype=object)
        self._put(
            "clearance_suppression",
            {
                "token": pa.concat_arrays([own, others]),
                "id": pa.array(_ACT + np.arange(count, dtype=np.int64)),
                "version": pa.array(np.ones(count, dtype=np.int16)),
                "level": pa.array(np.ones(count, dtype=np.int16)),
                "kind": pa.array(["phone"] * count),
                "act": pa.array(self._pick(np.array(["suppressed", "lifted"], dtype=object), [0.95, 0.05], count)),
                "purpose_id": pa.nulls(count, pa.int64()),
                "purpose_kind": pa.array(kind),
                "channel": pa.array(self._pick(channels, [0.6, 0.3, 0.1], count)),
                "reason": pa.array(["by_hand"] * count),
                "at": self._instants(count),
                "recorded_at": pa.array([AT] * count, pa.timestamp("us", "UTC")),
                "recorded_by": pa.array(np.zeros(count, dtype=np.int64)),
            },
        )

    def _collections(self, _purpose_id: int) -> None:
        count = self._sizes.persons // 4
        owners = self._chance.choice(self._sizes.persons, count, replace=False)

        def maybe(share: float) -> pa.Array:
            return pa.array(self._pick(np.array([True, False, None], dtype=object), [share, 0.9 - share, 0.1], count))

        self._put(
            "clearance_collection",
            {
                "customer_id": pa.array(_PERSON + owners),
                "id": pa.array(_ACT + np.arange(count, dtype=np.int64)),
                "value_id": pa.array(_VALUE + owners, mask=self._chance.random(count) < 0.5),
                "from_sale": maybe(0.6),
                "told": maybe(0.7),
                "refused": maybe(0.1),
                "asked": maybe(0.1),
                "asked_until": pa.nulls(count, pa.timestamp("us", "UTC")),
                "at": self._instants(count),
                "recorded_at": pa.array([AT] * count, pa.timestamp("us", "UTC")),
                "recorded_by": pa.array(np.zeros(count, dtype=np.int64)),
            },
        )

    def _rows(self, list_id: int, kind: str) -> None:
        """Eight in ten are somebody's number, one in ten a suppressed stranger's, one in ten nobody knows."""
        count = self._sizes.rows
        share = self._chance.random(count)
        owners = self._chance.choice(self._sizes.persons, count, replace=False)
        strangers = self._strangers + self._chance.bytes(_TOKEN_BYTES * count)
        known = min(len(self._strangers) // _TOKEN_BYTES, count)
        places = np.where(share < 0.9, self._chance.integers(0, known, count), known + np.arange(count))
        pool = self._tokens if kind == "phone" else self._mail_tokens
        of_people, of_others = _tokens(pool, owners), _tokens(strangers, places)
        theirs = pa.array(share < 0.8)
        tokens = pa.compute.if_else(theirs, of_people, of_others)
        self._put(
            "screening_row",
            {
                "list_id": pa.array(np.full(count, list_id, dtype=np.int64)),
                "row_number": pa.array(2 + np.arange(count, dtype=np.int64)),
                "column_number": pa.array(np.zeros(count, dtype=np.int16)),
                "kind": pa.array([kind] * count),
                "country": pa.array(self._countries[owners]) if kind == "phone" else pa.nulls(count, pa.string()),
                "token": tokens,
                "fault": pa.array([""] * count),
            },
        )


def _root_before(merged: npt.NDArray[np.bool_]) -> Numbers:
    """For each the last one before that is not merged itself."""
    places = np.where(~merged, np.arange(len(merged)), 0)
    last: Numbers = np.maximum.accumulate(places).astype(np.int64)
    return last


def _tokens(pool: bytes, places: Numbers) -> pa.Array:
    """Those at the places, as binary values."""
    every = np.frombuffer(pool, dtype=np.uint8).reshape(-1, _TOKEN_BYTES)
    chosen = np.ascontiguousarray(every[places])
    fixed = pa.Array.from_buffers(pa.binary(_TOKEN_BYTES), len(places), [None, pa.py_buffer(chosen)])
    return fixed.cast(pa.binary())


def _instants(micros: Numbers) -> pa.Array:
    return pa.array(micros, pa.int64()).cast(pa.timestamp("us", "UTC"))


def _plus(at: pa.Array, micros: pa.Array) -> pa.Array:
    """The later instant; NULL where nothing is added."""
    later = pa.compute.add(at.cast(pa.int64()), micros)
    nothing = pa.compute.equal(micros, 0)
    return pa.compute.if_else(nothing, None, later).cast(pa.timestamp("us", "UTC"))


def shuffled(rows: int, count: int, *, seed: int = 7) -> list[int]:
    """Rows of the list to be touched while it is screened."""
    return random.Random(seed).sample(range(2, rows + 2), min(count, rows))
