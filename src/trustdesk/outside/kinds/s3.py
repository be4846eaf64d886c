"""A bucket of an S3-compatible store: objects whose key is one of the patterns, in every version there is."""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from minio import Minio
from minio.datatypes import Object
from minio.error import InvalidResponseError, MinioException, S3Error

from trustdesk.outside.contracts import PHONE, Correction, Count, Fault, Person, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.connector import SAMPLES, Show, Take, Tally, sample
from trustdesk.outside.kinds.pool import close, faults, pool
from trustdesk.outside.matching import phone_notations
from trustdesk.outside.placing import combinations
from trustdesk.outside.setups import PLACEHOLDER, S3Setup

_LARGEST = 100_000_000
"""An object larger than this is named in a copy and not put into it."""
_CODES = {
    "InvalidAccessKeyId": Fault.SIGN_IN,
    "SignatureDoesNotMatch": Fault.SIGN_IN,
    "AuthorizationHeaderMalformed": Fault.SIGN_IN,
    "AccessDenied": Fault.FORBIDDEN,
    "NoSuchBucket": Fault.SCHEMA,
    "SlowDown": Fault.BUSY,
    "ServiceUnavailable": Fault.BUSY,
    "InternalError": Fault.UNREACHABLE,
    "RequestTimeout": Fault.TIMEOUT,
}


@dataclass(frozen=True, slots=True)
class _Filled:
    """A pattern with the person's values in it: what keys begin with, and what the whole key has to be."""

    prefix: str = field(repr=False)
    whole: re.Pattern[str] = field(repr=False)


class S3Connector:
    """Objects are listed, handed out and deleted; nothing in them is changed."""

    def __init__(self, setup: S3Setup, secret: str) -> None:
        self._setup = setup
        self._pool = pool()
        place = urlsplit(setup.address)
        self._client = Minio(
            place.netloc,
            access_key=setup.access_key,
            secret_key=secret,
            secure=place.scheme == "https",
            region=setup.region or "us-east-1",
            http_client=self._pool,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        close(self._pool)

    def check(self) -> None:
        """See `Connector`."""
        with self._faults():
            if not self._client.bucket_exists(self._setup.bucket):
                raise OutsideError(Fault.SCHEMA, where=self._setup.bucket)
            next(iter(self._client.list_objects(self._setup.bucket, include_version=True)), None)

    def find(self, person: Person, show: Show) -> Sequence[Count]:
        """See `Connector`."""

        def look(tally: Tally, found: Object) -> None:
            if tally.found <= SAMPLES:
                show(sample(tally.place, {"key": found.object_name}, doubtful=False))

        return self._each(person, look)

    def export(self, person: Person, take: Take) -> Sequence[Count]:
        """See `Connector`. The newest version of each; one that is very large is named only."""

        def hand(tally: Tally, found: Object) -> None:
            if found.is_delete_marker or found.is_latest not in {"true", True, None}:
                return
            name, size = found.object_name or "", found.size or 0
            take(Record(place=tally.place, name=name, content=self._content(name) if size <= _LARGEST else None))
            tally.changed += 1

        return self._each(person, hand)

    def rectify(self, person: Person, corrections: Sequence[Correction]) -> Sequence[Count]:  # noqa: ARG002
        """See `Connector`. Nothing in an object is put right."""
        return [Tally(pattern).count() for pattern in self._setup.patterns]

    def erase(self, person: Person) -> Sequence[Count]:
        """See `Connector`. Each version by its own id: a delete without one only hides the object."""

        def remove(tally: Tally, found: Object) -> None:
            self._client.remove_object(self._setup.bucket, found.object_name or "", version_id=found.version_id)
            tally.changed += 1

        return self._each(person, remove)

    def _each(self, person: Person, do: Callable[[Tally, Object], None]) -> Sequence[Count]:
        """Every version of every object of the person, once: under the first pattern that has it."""
        seen: set[tuple[str, str | None]] = set()
        counts = []
        for pattern in self._setup.patterns:
            tally = Tally(pattern)
            with self._faults():
                for filled in _filled(pattern, person):
                    for found in self._versions(filled):
                        name = (found.object_name or "", found.version_id)
                        if name not in seen:
                            seen.add(name)
                            tally.found += 1
                            do(tally, found)
            counts.append(tally.count())
        return counts

    def _versions(self, filled: _Filled) -> list[Object]:
        """Listed whole before the first is touched: a list that is read while it shrinks skips."""
        listed = self._client.list_objects(
            self._setup.bucket, prefix=filled.prefix, recursive=True, include_version=True
        )
        return [found for found in listed if filled.whole.fullmatch(found.object_name or "")]

    def _content(self, name: str) -> bytes:
        answer = self._client.get_object(self._setup.bucket, name)
        try:
            return bytes(answer.read())
        finally:
            with contextlib.suppress(OSError):
                answer.close()
            answer.release_conn()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        where = self._setup.bucket
        with faults(where):
            try:
                yield
            except S3Error as fault:
                raise OutsideError(_CODES.get(fault.code or "", Fault.REFUSED), where=where) from None
            except (InvalidResponseError, MinioException, ValueError):
                raise OutsideError(Fault.UNREADABLE, where=where) from None


def _filled(pattern: str, person: Person) -> list[_Filled]:
    """Every way to fill the pattern with what the person has; none where something is missing."""
    keys = list(dict.fromkeys(PLACEHOLDER.findall(pattern)))
    values = {key: _written(key, person.known.get(key, ())) for key in keys}
    return [_with(pattern, chosen) for chosen in combinations(keys, values)]


def _with(pattern: str, chosen: dict[str, str]) -> _Filled:
    """The values stand for themselves: a star in one of them is a star."""
    whole, prefix, open_ended = "", "", False
    for part in re.split(r"(\{[a-z][a-z0-9_]*\}|\*)", pattern):
        named = PLACEHOLDER.fullmatch(part)
        if part == "*":
            whole, open_ended = whole + ".*", True
            continue
        text = chosen[named[1]] if named else part
        whole += re.escape(text)
        prefix += "" if open_ended else text
    return _Filled(prefix, re.compile(whole, re.DOTALL))


def _written(key: str, values: Sequence[str]) -> Sequence[str]:
    if key != PHONE:
        return tuple(dict.fromkeys(one for value in values for one in (value, value.lower())))
    return sorted({one for value in values for one in (value, *phone_notations(value))})
