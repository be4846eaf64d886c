"""A list in, a verdict a cell out: the way a supervisor uses it."""

from tests.integration.screening.conftest import Company

from trustdesk.decision.contracts import Outcome
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Fault, RunState


def test_a_list_of_numbers(company: Company) -> None:
    agreed, _silent, gone = company.add("+36301000001", "+36301000002", "+36301000003")
    company.consent(agreed)
    company.consent(gone)
    company.withdraw(gone)
    company.suppress("+36301000009")
    path = company.phones("06 30 100 0001", "+36 30 1000002", "+36301000003", "+36301000009", "+36301000010", "none")
    done = company.screen(path)
    assert done.state is RunState.FINISHED
    found = company.verdicts(done)
    outcomes = company.outcomes(done)
    assert outcomes[0] == "permit"
    assert outcomes[2:4] == ["deny", "deny"]
    assert found[5].fault is Fault.UNREADABLE
    assert found[5].outcome is Outcome.UNDECIDED
    assert sum(done.counts.values()) == 6
    assert done.counts[Outcome.PERMIT] == 1
    report = screening.report(company.context(), done.run_id)
    assert report.faults == {Fault.UNREADABLE: 1}
    assert {word.outcome for word in report.words} >= {Outcome.PERMIT, Outcome.DENY}


def test_no_number_of_the_list_is_kept(company: Company) -> None:
    company.screen(company.phones("+36301234567"))
    for table in ("screening_row", "screening_list", "screening_run", "screening_result"):
        assert not company.ask(f"SELECT 1 FROM {table} t WHERE t::text LIKE %s", "%1234567%"), table
