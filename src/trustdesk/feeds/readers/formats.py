"""The formats that changes come in: how each is declared, and how it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from trustdesk.batch.contracts import ListFile
from trustdesk.feeds.readers.addressfactory import read_addressfactory, read_declared
from trustdesk.feeds.readers.dvv import read_dvv, read_nothing
from trustdesk.feeds.readers.mapping import read_mapping
from trustdesk.feeds.readers.tables import read_csv, read_json_lines
from trustdesk.feeds.readers.values import Records, Setting
from trustdesk.kernel.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Format:
    """`check` gives the reading as the format understands it, or BadInputError; `read` goes over a delivery once."""

    code: str
    label: str
    check: Callable[[Mapping[str, object]], Any]
    read: Callable[[ListFile, Any, Setting], Records]


FORMATS: Mapping[str, Format] = {
    one.code: one
    for one in (
        Format("csv", gettext_noop("Table (CSV)"), read_mapping, read_csv),
        Format("jsonl", gettext_noop("JSON Lines"), read_mapping, read_json_lines),
        Format("dvv", gettext_noop("Population register of Finland (DVV)"), read_nothing, read_dvv),
        Format("addressfactory", gettext_noop("Deutsche Post Addressfactory"), read_declared, read_addressfactory),
    )
}


def format_of(code: str) -> Format:
    if code not in FORMATS:
        raise BadInputError(_("There is no such format."), place="format")
    return FORMATS[code]


def check(code: str, reading: Mapping[str, object]) -> None:
    """BadInputError where the reading does not fit the format; its place names the part."""
    format_of(code).check(reading)


def read(code: str, file: ListFile, reading: Mapping[str, object], setting: Setting) -> Records:
    """The records of a delivery, one by one, in its order; the same ones whenever it is read again.

    A record that can't be used is a Fault, and the next one is read. Raises BadInputError for a reading that does not
    fit, and UnreadableFileError (reason, place) where the delivery as a whole can't be read: wrong encoding, no header.
    Memory does not grow with the file.
    """
    chosen = format_of(code)
    return chosen.read(file, chosen.check(reading), setting)
