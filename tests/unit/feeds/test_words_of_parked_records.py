"""Why a record was set aside is said in words, whatever reader said it."""

import pytest

from trustdesk.batch.contracts import FileReason, Reason
from trustdesk.console.feed_words import code_words
from trustdesk.feeds.readers.values import FaultCode

# What a workbook or a list that is read in parts can have: no feed comes so.
ELSEWHERE = {Reason.FORMULA, Reason.ERROR_CELL}
OF_FILES = {FileReason.EMPTY, FileReason.HEADER, FileReason.WRONG_ENCODING}


@pytest.mark.parametrize("code", sorted({*FaultCode, *Reason, *OF_FILES} - ELSEWHERE))
def test_every_code_has_words(code: FaultCode | Reason | FileReason) -> None:
    assert code_words(code.value) != code.value
