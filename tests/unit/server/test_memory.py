from pathlib import Path

import pytest

from trustdesk.server.memory import shared_megabytes


@pytest.mark.parametrize(("limit", "expected"), [(1 << 30, 256), (100 << 20, 128), (2 << 30, 512)])
def test_a_container_shares_a_quarter_of_what_it_may_use(tmp_path: Path, limit: int, expected: int) -> None:
    allowed = tmp_path / "memory.max"
    allowed.write_text(f"{limit}\n")
    assert shared_megabytes(allowed) == expected


def test_without_a_limit_it_is_the_machine_that_counts(tmp_path: Path) -> None:
    unlimited = tmp_path / "memory.max"
    unlimited.write_text("max\n")
    assert shared_megabytes(unlimited) == shared_megabytes(tmp_path / "missing")
    assert 128 <= shared_megabytes(unlimited) <= 2048
