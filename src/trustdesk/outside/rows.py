"""What becomes of a row that is the person's: the same for a database, a file and an interface."""

import re
from collections.abc import Mapping, Sequence

from trustdesk.outside.contracts import Correction, Fate, Person
from trustdesk.outside.matching import Matcher, Whose, digits, normal, phone_notations
from trustdesk.outside.setups import Table

Row = Mapping[str, str | None]
_E164 = re.compile(r"\+[1-9]\d{6,14}")


class Deed:
    """A declared table read for one person."""

    def __init__(self, table: Table, person: Person) -> None:
        self.table = table
        self._matcher = Matcher(table, person)

    def whose(self, row: Row) -> Whose:
        return self._matcher.whose(row)

    def deletes(self, row: Row) -> bool:
        """The whole row goes: so it is declared, and nobody else stands in it."""
        return self.table.fate is Fate.DELETE and not self._matcher.shared(row)

    def corrected(self, row: Row, corrections: Sequence[Correction]) -> dict[str, str]:
        """The columns that hold what was wrong, and what they hold from now on."""
        changes: dict[str, str] = {}
        for column, attribute in self.table.holding.items():
            text = row.get(column) or ""
            for correction in corrections:
                if correction.attribute == attribute and _same(attribute, text, correction.before):
                    changes[column] = correction.after
        return changes


def _same(attribute: str, text: str, before: str) -> bool:
    """A number is the same in any notation of it, whichever attribute it is of."""
    if _E164.fullmatch(before.strip()):
        return digits(text) in phone_notations(before.strip())
    return bool(text.strip()) and bool(before.strip()) and bool(normal(attribute, text) & normal(attribute, before))
