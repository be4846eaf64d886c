"""What we give as a sample is read as it stands."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trustdesk.feeds.readers.formats import FORMATS, read
from trustdesk.feeds.readers.values import Setting
from trustdesk.feeds.samples.changes import SAMPLES
from trustdesk.matching.api import identity
from trustdesk.updates.contracts import Change, ChangeKind

KINDS = {
    "csv": ("FI", ["move", "name", "death", "phone"]),
    "jsonl": ("HU", ["email", "email"]),
    "dvv": ("FI", ["move", "non_disclosure", "death"]),
    "addressfactory": ("DE", ["move", "death"]),
}


@pytest.mark.parametrize("code", FORMATS)
def test_every_format_has_a_sample_that_is_read_without_a_fault(tmp_path: Path, code: str) -> None:
    country, kinds = KINDS[code]
    sample = SAMPLES[code]
    file = tmp_path / sample.name
    file.write_bytes(sample.content)
    setting = Setting(country=country, now=datetime(2026, 11, 26, tzinfo=UTC))
    found = [record for record in read(code, file, sample.reading, setting) if isinstance(record, Change)]
    assert [change.kind for change in found] == [ChangeKind(kind) for kind in kinds]
    for change in found:
        known = identity(change.person, country=change.country)
        assert known.national_id or known.family
        for said in change.becomes:
            assert identity([said], country=change.country) != identity([], country=change.country)
    assert list(read(code, file, sample.reading, setting)) == found
