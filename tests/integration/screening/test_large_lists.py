"""A list of any length is read in constant memory, garbage and all."""

import random
from pathlib import Path

import pytest
from tests.integration.screening.conftest import Company

GROWTH_MB = 24  # what an interpreter's own heap may wander by
READ = """
import resource, sys
from pathlib import Path
from trustdesk.cli.environment import ready
ready()
from tests.integration.screening.conftest import PHONES
from trustdesk.kernel import clock
from trustdesk.mandates.api import system_context
from trustdesk.screening.services import lists
from trustdesk.screening.services.running import RunKey
controller, path = int(sys.argv[1]), Path(sys.argv[2])
context = system_context(controller, purpose="records", now=clock.now(), on_behalf_of=0)
key = RunKey(controller, 0, context.purpose, 0, context.mandate_id)
row = lists.find(context, lists.begin_list(context, path=path, layout=PHONES, now=clock.now()))
done = lists.read(key, row, path)
print(done.rows, done.unreadable, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def garbage(path: Path, rows: int) -> Path:
    """One in ten is a number; the others are what people type."""
    dice = random.Random(rows)
    with path.open("w", encoding="utf-8") as stream:
        stream.write("Phone\n")
        for number in range(rows):
            text = "".join(dice.choices("0123456789abc+-/ ő?=", k=dice.randint(1, 24)))
            stream.write(f"+3630{number:07d}\n" if number % 10 == 0 else f"x{text}\n")
    return path


def read(company: Company, rows: int) -> tuple[int, int, int]:
    """In a process of its own: rows read, rows that can't be read, and the most memory it took in MB."""
    path = garbage(company.folder / f"{rows}.csv", rows)
    out, err = company.program("-c", READ, str(company.id), str(path)).communicate(timeout=300)
    assert out, err
    counted = [int(word) for word in out.split()[-3:]]
    return counted[0], counted[1], counted[2]


@pytest.mark.slow
def test_a_long_list_of_garbage_takes_no_more_memory_than_a_short_one(company: Company) -> None:
    short, long = 10_000, 60_000
    rows, _unreadable, before = read(company, short)
    assert rows == short
    rows, unreadable, after = read(company, long)
    assert rows == long
    assert unreadable > long // 2
    assert after - before < GROWTH_MB
