"""The ledger's pass: everything that may have a number has it, and then it rests."""

from tests.integration.audit.conftest import NORTH, Log

from trustdesk.audit import api
from trustdesk.cli import ledger
from trustdesk.kernel.context import Opening

CARD = Opening("register.card", [4711], ["name"])


def test_a_pass_rests_also_when_there_was_something_to_number(log: Log) -> None:
    context = log.context()
    for _ in range(3):
        context.journal.opening(context, CARD)
    assert ledger.one_pass() > 0
    state = api.installation_state(NORTH)
    assert (state.size, state.waiting, state.signed_size) == (3, 0, 3)
    assert ledger.one_pass() > 0
