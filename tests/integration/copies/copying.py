"""Helpers of the tests of copies: one is made as the worker makes it, and read as the person reads it."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.integration.delivery.posting import Company

from trustdesk.copies import api as copies
from trustdesk.copies import tasks
from trustdesk.copies.contracts import CopyView, Kind
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewValue, Notice, NoticeKind
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE


def aged(cluster: Cluster, controller_id: int, days: int = 31, *, but: int = 0) -> None:
    with cluster.connect(DATABASE) as owner:
        owner.execute(
            "UPDATE register_value SET recorded_at = recorded_at - %s WHERE controller_id = %s AND id <> %s",
            [timedelta(days=days), controller_id, but],
        )


@dataclass(frozen=True)
class Opened:
    """A copy that was downloaded."""

    files: dict[str, bytes]

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.files["copy.json"])
        return found

    @property
    def page(self) -> str:
        return self.files["copy.html"].decode()

    def rows(self, kind: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.told["data"].get(kind, [])
        return rows

    def everything(self) -> str:
        """All text of all files but the sounds."""
        named = {name: data for name, data in self.files.items() if not name.endswith((".wav", ".pdf"))}
        return "\n".join(data.decode() for data in named.values())


def ordered(company: Company, customer_id: int, kind: Kind = Kind.ACCESS, **more: Any) -> CopyView:  # noqa: ANN401
    return copies.make(office(company), customer_id=customer_id, kind=kind, now=clock.now(), **more)


def made(company: Company, customer_id: int, kind: Kind = Kind.ACCESS, **more: Any) -> CopyView:  # noqa: ANN401
    """Ordered, and made by the worker."""
    order = ordered(company, customer_id, kind, **more)
    assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "ready"
    return copies.copy(office(company), order.copy_id)


def opened(company: Company, copy_id: int) -> Opened:
    handed = copies.download(office(company), copy_id=copy_id, now=clock.now())
    data = b"".join(handed.pieces)
    assert len(data) == handed.size
    return unpacked(data)


def unpacked(data: bytes) -> Opened:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return Opened({name: archive.read(name) for name in archive.namelist()})


def office(company: Company) -> AccessContext:
    return company.context("compliance")


def person(company: Company, **texts: str) -> int:
    """Somebody with these attributes."""
    return register.create_customer(
        company.context(),
        kind=CustomerKind.PERSON,
        values=[NewValue(attribute, text) for attribute, text in texts.items()],
        source_id=company.source_id,
        notice=Notice(NoticeKind.ART13, "2026-1", clock.now()),
        country="FI",
        language="en",
        now=clock.now(),
    )
