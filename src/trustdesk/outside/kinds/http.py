"""An interface that speaks JSON over HTTP, asked only what its setup declares."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from types import TracebackType
from typing import Self

import urllib3

from trustdesk.outside.contracts import EMAIL, PHONE, Correction, Count, Fate, Fault, Person, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.connector import SAMPLES, Show, Take, Tally, sample
from trustdesk.outside.kinds.paging import MOST, listed, next_address, read
from trustdesk.outside.kinds.pool import close, faults, pool
from trustdesk.outside.matching import Whose
from trustdesk.outside.placing import combinations, placed_in_address, placed_in_body, pointed
from trustdesk.outside.rows import Deed
from trustdesk.outside.setups import OFFSET, PAGE, PAGES, Call, HttpSetup

_MOST_READ = 4_000_000
_GONE = frozenset({404, 410})
_STATUS = {401: Fault.SIGN_IN, 403: Fault.FORBIDDEN, 408: Fault.TIMEOUT, 504: Fault.TIMEOUT} | dict.fromkeys(
    (409, 423, 425, 429, 503), Fault.BUSY
)


@dataclass(frozen=True, slots=True)
class _Found:
    """One record: its id there, its declared fields as text, and whose it is."""

    identifier: str = field(repr=False)
    row: Mapping[str, str | None] = field(repr=False)
    whose: Whose


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: its body, of which address it is, and its header of links."""

    content: bytes = field(repr=False)
    address: str = field(repr=False)
    links: str = field(repr=False)


class HttpConnector:
    """One question after the other; each is in the setup."""

    def __init__(self, setup: HttpSetup, secret: str) -> None:
        self._setup = setup
        self._pool = pool()
        self._headers = {"Accept": "application/json", "User-Agent": "trustdesk", **_signed_in(setup, secret)}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        close(self._pool)

    def check(self) -> None:
        """See `Connector`. Asks for somebody whom nobody has."""
        nobody = token_hex(8)
        stranger = {EMAIL: f"{nobody}@trustdesk.invalid", PHONE: "+99900000000"}
        asked = {key: (stranger.get(key, nobody),) for key in self._setup.table.keys}
        list(self._records(Person(customer_id=0, known=asked)))

    def find(self, person: Person, show: Show) -> Sequence[Count]:
        """See `Connector`."""
        tally = Tally(self._setup.table.name)
        for found in self._records(person):
            if tally.found + tally.doubtful < SAMPLES:
                show(sample(tally.place, found.row, doubtful=found.whose is Whose.DOUBTFUL))
            tally.add(found.whose)
        return [tally.count()]

    def export(self, person: Person, take: Take) -> Sequence[Count]:
        """See `Connector`."""
        tally = Tally(self._setup.table.name)
        for found in self._records(person):
            tally.add(found.whose)
            if found.whose is not Whose.THEIRS:
                continue
            whole = self._asked("export", self._setup.export, {"id": found.identifier}) if self._setup.export else None
            fields = {name: text for name, text in found.row.items() if text and name not in self._setup.table.others}
            take(
                Record(
                    place=tally.place,
                    name=found.identifier,
                    fields=fields,
                    own=self._setup.table.holding,
                    content=whole,
                    media_type="application/json",
                )
            )
            tally.changed += 1
        return [tally.count()]

    def rectify(self, person: Person, corrections: Sequence[Correction]) -> Sequence[Count]:
        """See `Connector`."""
        tally, call = Tally(self._setup.table.name), self._setup.rectify
        deed = Deed(self._setup.table, person)
        for found in self._records(person):
            tally.add(found.whose)
            wrong = [one for one in corrections if deed.corrected(found.row, [one])]
            if found.whose is not Whose.THEIRS or call is None or not wrong:
                continue
            after = {one.attribute: one.after for one in wrong}
            self._asked("rectify", call, {"id": found.identifier, **after})
            tally.changed += 1
        return [tally.count()]

    def erase(self, person: Person) -> Sequence[Count]:
        """See `Connector`. What is gone already is as good as erased."""
        tally = Tally(self._setup.table.name)
        for found in self._records(person):
            tally.add(found.whose)
            if found.whose is Whose.THEIRS:
                tally.changed += self._asked("erase", self._setup.erase, {"id": found.identifier}) is not None
        return [tally.count()]

    def _records(self, person: Person) -> Iterator[_Found]:
        """Each record once, however many of the person's values lead to it; all asked before the first is given."""
        setup, deed = self._setup, Deed(self._setup.table, person)
        keys = sorted(setup.find.named - PAGES)
        values = {key: [*person.known.get(key, ()), *person.former.get(key, ())] for key in keys}
        found: dict[str, _Found] = {}
        for chosen in combinations(keys, values):
            for record in self._found(chosen):
                one = self._read(record, deed)
                if one.whose is not Whose.ANOTHERS:
                    found.setdefault(one.identifier, one)
        yield from found.values()

    def _found(self, chosen: Mapping[str, str]) -> Iterator[object]:
        """The records of every page of one question."""
        setup = self._setup
        counted, address, seen = setup.find.named & PAGES, None, set[str]()
        first, given = setup.first_page, 0
        for page in range(MOST):
            counters = {PAGE: str(first + page), OFFSET: str(given)}
            answer = self._answered("find", setup.find, {**chosen, **counters}, address=address)
            if answer is None or not answer.content:
                return
            document = read(answer.content)
            records = listed(document, setup.records)
            yield from records
            given += len(records)
            address = next_address(setup, answer.address, document, answer.links) if setup.next_page else None
            if not (records if counted else address):
                return
            if address in seen:
                break
            seen |= {address} if address else set()
        raise OutsideError(Fault.UNREADABLE, where="find: pages")

    def _read(self, record: object, deed: Deed) -> _Found:
        table = self._setup.table
        row = {column: _text(record, column) for column in table.columns}
        identifier = _text(record, self._setup.record_id)
        if identifier is None:
            raise OutsideError(Fault.SCHEMA, where=f"{table.name}: {self._setup.record_id}")
        if not any(_there(record, column) for column in table.identified):
            raise OutsideError(Fault.SCHEMA, where=f"{table.name}: {next(iter(table.identified))}")
        whose = deed.whose(row)
        if whose is Whose.THEIRS and table.fate is Fate.DELETE and not deed.deletes(row):
            whose = Whose.DOUBTFUL  # somebody else stands in it, and there is no question that clears a part
        return _Found(identifier, row, whose)

    def _asked(self, where: str, call: Call, values: Mapping[str, str]) -> bytes | None:
        """The answer's body; None where there is no such thing there."""
        answer = self._answered(where, call, values)
        return None if answer is None else answer.content

    def _answered(
        self, where: str, call: Call, values: Mapping[str, str], *, address: str | None = None
    ) -> _Answer | None:
        """The answer, from the declared address or the one that the answer before named."""
        body = placed_in_body(call.body, values) if call.body is not None else None
        address = address or self._setup.address + placed_in_address(call.path, values)
        headers = self._headers | ({"Content-Type": "application/json"} if body is not None else {})
        with faults(where):
            answer = self._pool.request(
                call.method,
                address,
                headers=headers,
                body=json.dumps(body).encode() if body is not None else None,
                redirect=False,
                preload_content=False,
            )
            try:
                content = answer.read(_MOST_READ + 1)
            finally:
                _let_go(answer)
        if answer.status in _GONE:
            return None
        if not 200 <= answer.status <= 299:
            raise OutsideError(_fault(answer.status), where=where)
        if len(content) > _MOST_READ:
            raise OutsideError(Fault.UNREADABLE, where=where)
        return _Answer(bytes(content), address, answer.headers.get("Link", ""))


def _let_go(answer: urllib3.BaseHTTPResponse) -> None:
    answer.close()
    answer.release_conn()


def _fault(status: int) -> Fault:
    if status in _STATUS:
        return _STATUS[status]
    if status >= 500:
        return Fault.UNREACHABLE
    return Fault.REFUSED if status >= 400 else Fault.UNREADABLE


def _signed_in(setup: HttpSetup, secret: str) -> dict[str, str]:
    match setup.sign_in:
        case "bearer":
            return {"Authorization": f"Bearer {secret}"}
        case "basic":
            pair = base64.b64encode(f"{setup.user}:{secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        case "header":
            return {setup.header or "X-Api-Key": secret}
        case _:
            return {}


def _there(record: object, pointer: str) -> bool:
    try:
        pointed(record, pointer)
    except LookupError:
        return False
    return True


def _text(record: object, pointer: str) -> str | None:
    try:
        value = pointed(record, pointer)
    except LookupError:
        return None
    if isinstance(value, str):
        return value
    return None if value is None or isinstance(value, dict | list) else json.dumps(value)
