"""The main job on real-shaped people: a list in, its people found, its faults named."""

from datetime import datetime

import pytest
from tests.integration.intake import real_people
from tests.integration.intake.conftest import Company

from trustdesk.intake import api as intake
from trustdesk.intake.contracts import Progress, mapping_from_json
from trustdesk.kernel import clock
from trustdesk.register import api as register

pytestmark = pytest.mark.slow  # thousands of people


def bring_in(company: Company, name: str, said: object) -> Progress:
    mapping_id = intake.save_mapping(company.context(), mapping=mapping_from_json(name, said), now=clock.now())
    return company.bring_in(company.folder / f"{name}.csv", mapping_id=mapping_id, chunk_rows=500)


def a_date(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007 - a day, not an instant
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("rows", [1_500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_the_census_sample(company: Company, rows: int) -> None:
    frame = real_people.census(company.folder / "census.csv", rows=rows)
    progress = bring_in(company, "census", real_people.CENSUS)
    counts = progress.counts
    assert counts.rows == rows
    assert counts.added + counts.rejected + counts.duplicate_in_file + counts.duplicate_in_register == rows
    bad_dates = {
        number for number, text in enumerate(frame["date_of_birth"], start=2) if text and not a_date(text, "%m/%d/%Y")
    }
    rejects = {reject.row: reject.reason for reject in company.rejects(progress)}
    assert bad_dates <= rejects.keys()
    assert counts.added >= 0.93 * rows
    # The labels say who stands in it twice: everybody is here once, at most.
    assert counts.added <= frame["simulant_id"].nunique()
    taken = [row for number, row in enumerate(frame.to_dict("records"), start=2) if number not in rejects]
    for row in taken[::300]:
        words = f"{row['first_name']} {row['last_name']}".split()
        found = register.search(company.context(), " ".join(words), limit=1000)
        assert sorted(words) in [sorted(hit.name.split()) for hit in found.rows]
        by_number = register.search(company.context(), row["simulant_id"])
        assert len(by_number.rows) == 1
    inventory = {line.attribute for line in register.inventory(company.context())}
    assert inventory <= {"customer_number", "given_name", "family_name", "birth_date", "address", "region"}


def test_febrl_and_the_same_people_once_more_with_errors(company: Company) -> None:
    rows = 600
    real_people.febrl(company.folder / "first.csv", rows=rows, originals=True)
    again = real_people.febrl(company.folder / "again.csv", rows=rows, originals=False)
    first = bring_in(company, "first", real_people.FEBRL)
    second = bring_in(company, "again", real_people.FEBRL)
    assert first.counts.added + first.counts.rejected == rows
    # The errors of the second list spare most numbers: whose number is the same is known, whatever else changed.
    known = {row[0] for row in company.ask("SELECT DISTINCT customer_id FROM intake_row")}
    assert second.counts.duplicate_in_register >= 0.8 * rows
    assert len(known) == company.customers() == first.counts.added + second.counts.added
    row = again.iloc[0]
    assert len(register.search(company.context(), str(row["soc_sec_id"])).rows) == 1
