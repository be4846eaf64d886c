"""Where a line is a record of its own (of a CSV, a log, a dump): what stands in the next one is somebody else's."""

import re

_LONGEST_LINE = 4096
_FIELDS = (("\t", 3), (";", 3), ("|", 3), (",", 5), ("\x1f", 1))
"""With so many separators a line is a row."""
_RECORD = re.compile(
    r"\s*(?:\{.*\}[,\]]*\s*\Z|\(.*\)[,;]\s*\Z|INSERT\s|\[?\d{4}-\d\d-\d\d[T ]\d\d:|\w{3} +\d{1,2} \d\d:\d\d:\d\d "
    r"|\d{1,3}(?:\.\d{1,3}){3} - )",
    re.DOTALL,
)
_SQL = re.compile(r"\s*(?:INSERT\s|\()")
_SQL_ENDS = re.compile(r"\)[,;]?\s*\Z")


def apart(text: str, start: int, end: int, *, rows: bool) -> bool:
    """Whether one of the line breaks between two places ends a record. Those inside quotes of a cell end none."""
    at = text.find("\n", start, end)
    while at >= 0:
        first = max(text.rfind("\n", 0, at) + 1, at - _LONGEST_LINE)
        last = text.find("\n", at + 1, at + _LONGEST_LINE)
        line, following = text[first:at], text[at + 1 : last if last >= 0 else at + _LONGEST_LINE]
        if not _is_quoted(line, following) and (rows or _is_record(line) or _is_record(following)):
            return True
        at = text.find("\n", at + 1, end)
    return False


def _is_quoted(line: str, following: str) -> bool:
    """Whether the break between the lines is one inside the quotes of a cell, or of a text in SQL."""
    if line.count('"') % 2 or following.count('"') % 2:
        return True
    begun = _SQL.match(line) is not None and line.count("'") % 2 == 1
    return begun or (_SQL_ENDS.search(following) is not None and following.count("'") % 2 == 1)


def _is_record(line: str) -> bool:
    return any(line.count(sign) >= many for sign, many in _FIELDS) or _RECORD.match(line) is not None
