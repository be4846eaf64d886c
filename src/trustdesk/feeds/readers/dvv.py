"""The change interface of Finland's Digital and Population Data Services Agency (VTJ-muutosrajapinta), answers to
`muutokset`: one person a record, and in it the groups of data (tietoryhmä) that became different.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from trustdesk.batch.contracts import ListFile
from trustdesk.feeds.readers.composing import address_text
from trustdesk.feeds.readers.elements import Element, elements
from trustdesk.feeds.readers.mapping import checked
from trustdesk.feeds.readers.persons import several
from trustdesk.feeds.readers.values import Fault, FaultCode, Record, Records, Setting, zone_of
from trustdesk.matching.api import national_id
from trustdesk.matching.contracts import Said
from trustdesk.updates.contracts import Change, ChangeKind

CURSOR = "viimeisinKirjausavain"
"""How far the interface was asked; the next question sends it back."""
CHANGES = "muutokset"

_COUNTRY = "FI"
# Added, changed, corrected: what is so now. Removed (POISTETTU) was an entry by mistake; LISATIETO only says it along.
_NEW = frozenset({"LISATTY", "MUUTETTU", "KORJATTU"})
_REMOVED = "POISTETTU"
_HOMES = frozenset({"VAKINAINEN_KOTIMAINEN_OSOITE", "VAKINAINEN_ULKOMAINEN_OSOITE"})
_FORMER = {
    "EDELLINEN_ETUNIMI": "given_name", "EDELLINEN_SUKUNIMI": "family_name",
    "ENTINEN_ETUNIMI": "given_name", "ENTINEN_SUKUNIMI": "family_name",
}  # fmt: skip
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z")
_SWEDISH = "sv"
_ENDLESS = 2900
_ORDER = Said(ChangeKind.NON_DISCLOSURE.value, "text", "turvakielto")

Group = Mapping[str, Any]


class NoReading(BaseModel):
    """The format says all itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def read_nothing(given: Mapping[str, object]) -> NoReading:
    return checked(NoReading, given)


def read_dvv(file: ListFile, _reading: NoReading, setting: Setting) -> Records:
    """A record gives a change for each kind that it holds, or none: data that no register of customers keeps."""
    entered: Counter[str] = Counter()  # many are entered in one moment; a position is of one record
    for element in elements(file, CHANGES):
        yield from _Record(element, setting, entered).read()


class _FaultError(Exception):
    def __init__(self, code: FaultCode, place: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.place = place


@dataclass(slots=True)
class _Found:
    """What the groups of one person say."""

    person: dict[Said, None] = field(default_factory=dict)
    names: dict[Said, None] = field(default_factory=dict)
    named_at: datetime | None = None
    homes: dict[Said, None] = field(default_factory=dict)
    moved_at: datetime | None = None
    left: dict[Said, None] = field(default_factory=dict)
    emails: dict[Said, None] = field(default_factory=dict)
    died_at: datetime | None = None
    ordered: bool = False
    lifted: datetime | None = None
    number: str = ""


class _Record:
    def __init__(self, element: Element, setting: Setting, entered: Counter[str]) -> None:
        self._element = element
        self._others = entered
        self._setting = setting
        self._zone = zone_of(_COUNTRY)
        self._position = f"record {element.number}"
        self._language = "fi"

    def read(self) -> Iterator[Record]:
        try:
            changes = self._changes()
        except _FaultError as fault:
            yield Fault(self._position, fault.place, fault.code)
            return
        yield from changes

    def _changes(self) -> Sequence[Record]:
        if self._element.code:
            raise _FaultError(FaultCode(self._element.code))
        record = self._element.value
        if not isinstance(record, dict) or not isinstance(record.get("tietoryhmat"), list):
            raise _FaultError(FaultCode.NOT_AN_OBJECT, "tietoryhmat")
        entered = self._entered(record)
        number = national_id(str(record.get("henkilotunnus") or ""), country=_COUNTRY)
        if not number:
            raise _FaultError(FaultCode.BAD_NUMBER, "henkilotunnus")
        groups = [group for group in record["tietoryhmat"] if isinstance(group, dict)]
        if any(g.get("tietoryhma") == "AIDINKIELI" and g.get("kielikoodi") == _SWEDISH for g in groups):
            self._language = _SWEDISH
        found = _Found()
        found.person[Said("national_id", "external_id", number)] = None
        for group in groups:
            self._group(group, found, entered)
        return list(self._told(found, entered))

    def _entered(self, record: Group) -> datetime:
        """When it was entered in the population register: where the record stands in the feed."""
        said = record.get("muutospv")
        try:
            found = datetime.fromisoformat(str(said))
        except ValueError:
            raise _FaultError(FaultCode.BAD_DATE if said else FaultCode.NO_DATE, "muutospv") from None
        found = found if found.tzinfo else found.replace(tzinfo=self._zone)
        self._others[str(said)] += 1
        place = self._others[str(said)]
        self._position = f"{said} #{place}" if place > 1 else str(said)
        if fault := self._setting.date_fault(found):
            raise _FaultError(fault, "muutospv")
        return found

    def _group(self, group: Group, found: _Found, entered: datetime) -> None:
        name, attribute = _text(group, "tietoryhma"), _text(group, "muutosattribuutti")
        if isinstance(group.get("turvakiellonAlaisetKentat"), list):
            found.ordered = True  # what an order covers is not handed out: who sees that knows of the order
            return
        if name == "TURVAKIELTO":
            self._order(group, found, entered)
        elif name == "KUOLINPAIVA":
            self._death(group, found, entered)
        elif name == "HENKILON_NIMI":
            self._name(group, found, entered)
        elif name in {"NIMENMUUTOS", "NIMENMUUTOS_LAAJA"}:
            self._former_name(group, found)
        elif name in _HOMES:
            self._home(group, found, entered)
        elif name == "SAHKOPOSTIOSOITE" and attribute in _NEW and not self._over(group):
            if text := _text(group, "sahkopostiosoite"):
                found.emails[Said("email", "email", text)] = None
        elif name == "HENKILOTUNNUS_KORJAUS" and attribute in _NEW and group.get("voimassaolo") == "AKTIIVI":
            found.number = national_id(_text(group, "aktiivinenHenkilotunnus"), country=_COUNTRY)

    def _order(self, group: Group, found: _Found, entered: datetime) -> None:
        if group.get("turvakieltoAktiivinen") is True:
            found.ordered = True
        elif _text(group, "muutosattribuutti") in {*_NEW, _REMOVED}:
            found.lifted = self._day(group, "turvaLoppuPv") or entered
            found.lifted = min(found.lifted, entered)

    def _death(self, group: Group, found: _Found, entered: datetime) -> None:
        """A death that was taken back is nothing a feed may write: somebody has to look at it."""
        if group.get("kuollut") is True and _text(group, "muutosattribuutti") != _REMOVED:
            found.died_at = self._day(group, "kuolinpv") or entered
        elif _text(group, "muutosattribuutti") in {*_NEW, _REMOVED}:
            raise _FaultError(FaultCode.TAKEN_BACK, "KUOLINPAIVA")

    def _name(self, group: Group, found: _Found, entered: datetime) -> None:
        said = [
            Said(attribute, "name", text)
            for attribute, fields in (
                ("given_name", ("etunimiUTF8", "etunimi")),
                ("family_name", ("sukunimiUTF8", "sukunimi")),
            )
            if (text := next(filter(None, (_text(group, one) for one in fields)), ""))
        ]
        if any(several(one.text) for one in said):
            raise _FaultError(FaultCode.TWO_PEOPLE, "HENKILON_NIMI")
        if _text(group, "muutosattribuutti") in _NEW and not self._over(group):
            found.names.update(dict.fromkeys(said))
            found.named_at = self._day(group, "alkupv") or entered
        elif _text(group, "muutosattribuutti") != _REMOVED:
            found.person.update(dict.fromkeys(said))

    def _former_name(self, group: Group, found: _Found) -> None:
        attribute = _FORMER.get(str(group.get("nimilaji")))
        if attribute and (text := _text(group, "nimiUTF8") or _text(group, "nimi")):
            found.person[Said(attribute, "name", text)] = None

    def _home(self, group: Group, found: _Found, entered: datetime) -> None:
        text = self._address(group)
        if not text:
            return
        said = Said("address", "address", text)
        attribute = _text(group, "muutosattribuutti")
        if attribute in _NEW and not self._over(group):
            found.homes[said] = None
            found.moved_at = self._day(group, "alkupv") or entered
        elif attribute in {*_NEW, _REMOVED}:
            found.person[said] = None
            found.left[said] = None
        else:
            found.person[said] = None

    def _address(self, group: Group) -> str:
        if group.get("tietoryhma") == "VAKINAINEN_ULKOMAINEN_OSOITE":
            parts = (_text(group, "lahiosoite"), _text(group, "paikkakunta"), _text(group, "valtionimi"))
            return ", ".join(filter(None, parts))
        flat = (
            _text(group, "huoneistokirjain"),
            _text(group, "huoneistonumero").lstrip("0"),
            _text(group, "jakokirjain"),
        )
        return address_text(
            {
                "street": self._either(group, "katunimi"),
                "house": _text(group, "katunumero"),
                "flat": " ".join(filter(None, flat)),
                "postcode": _text(group, "postinumero"),
                "town": self._either(group, "postitoimipaikka"),
            },
            _COUNTRY,
        )

    def _either(self, group: Group, name: str) -> str:
        """In the person's language, or in the other one."""
        both = group.get(name)
        if not isinstance(both, dict):
            return _text(group, name)
        return _text(both, self._language) or _text(both, "fi") or _text(both, _SWEDISH)

    def _over(self, group: Group) -> bool:
        """Whether an end is known: what has none ends in the year 2999."""
        until = self._day(group, "loppupv")
        return until is not None and until.year < _ENDLESS

    def _day(self, group: Group, name: str) -> datetime | None:
        """A date as the interface writes it: {"arvo": "2019-09-25", "tarkkuus": "PAIVA"}; the first day of a month."""
        said = group.get(name)
        if not isinstance(said, dict) or said.get("tarkkuus") == "EI_TIEDOSSA":
            return None
        found = _DAY.match(str(said.get("arvo") or ""))
        try:
            year, month, day = (int(part or 1) for part in found.groups()) if found else (0, 0, 0)
            return datetime(year, month, day, tzinfo=self._zone)
        except ValueError:
            raise _FaultError(FaultCode.BAD_DATE, name) from None

    def _told(self, found: _Found, entered: datetime) -> Iterator[Record]:
        """The changes of one person, those first that others have to heed."""
        if found.ordered:
            yield self._change(ChangeKind.NON_DISCLOSURE, found, entered)
        elif found.lifted:
            yield self._change(ChangeKind.NON_DISCLOSURE, found, found.lifted, ends=(_ORDER,))
        if found.died_at:
            yield self._change(ChangeKind.DEATH, found, found.died_at)
        if found.names:
            yield self._change(ChangeKind.NAME, found, found.named_at or entered, becomes=tuple(found.names))
        if not found.ordered and (found.homes or found.left):
            at = found.moved_at or entered
            yield self._change(ChangeKind.MOVE, found, at, becomes=tuple(found.homes), ends=tuple(found.left))
        if not found.ordered and found.emails:
            yield self._change(ChangeKind.EMAIL, found, entered, becomes=tuple(found.emails))
        if found.number:
            becomes = (Said("national_id", "external_id", found.number),)
            yield self._change(ChangeKind.STATE, found, entered, becomes=becomes)

    def _change(
        self,
        kind: ChangeKind,
        found: _Found,
        as_of: datetime,
        *,
        becomes: tuple[Said, ...] = (),
        ends: tuple[Said, ...] = (),
    ) -> Record:
        position = f"{self._position} {kind.value}"
        if fault := self._setting.date_fault(as_of):
            return Fault(position, kind.value, fault)
        return Change(
            position=position,
            kind=kind,
            person=tuple(found.person),
            becomes=becomes,
            ends=ends,
            as_of=as_of,
            country=_COUNTRY,
        )


def _text(group: Group, name: str) -> str:
    value = group.get(name)
    return value.strip() if isinstance(value, str) else ""
