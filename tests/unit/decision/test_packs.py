"""A pack that can't be used is refused at its line, and what was in force stays in force."""

import shutil
from pathlib import Path

import pytest

from trustdesk.decision import api
from trustdesk.decision.contracts import BrokenPackError

HEAD = """jurisdiction: DE
as_of: 2026-04-29
time_zones: [Europe/Berlin]
sources: {M: from memory}
"""
LINE = """rules:
  - id: DE-ONE
    channels: [email]
    audiences: all
    effect: opt_in
    statute: {text: UWG, source: M}
    as_of: 2026-04-29
    confidence: low
    attested_by: null
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(api.RULEPACKS / "eu.yaml", tmp_path)
    (tmp_path / "de.yaml").write_text(HEAD + LINE)
    return tmp_path


def refused(folder: Path, text: str | bytes) -> BrokenPackError:
    (folder / "de.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BrokenPackError) as caught:
        api.load_packs(folder)
    return caught.value


def test_the_packs_that_come_with_the_product() -> None:
    packs = api.load_packs(api.RULEPACKS)
    assert packs.countries == ("AT", "DE", "FI", "HU", "PL")
    assert len(packs.digest) == 64


def test_the_digest_is_of_every_byte(folder: Path) -> None:
    before = api.load_packs(folder).digest
    assert api.load_packs(folder).digest == before
    (folder / "de.yaml").write_text(HEAD + LINE + "# a remark\n")
    assert api.load_packs(folder).digest != before


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("effect: opt_in", "effect: opt_inn", "de.yaml:9:5 rules[0].effect"),
        ("effect: opt_in", "efect: opt_in", "de.yaml:9:5 rules[0].efect"),
        ("    effect: opt_in\n", "", "de.yaml:6:5 rules[0]"),
        ("[email]", "[e_mail]", "de.yaml:7:16 rules[0].channels[0]"),
        ("[email]", "[]", "de.yaml:7:5 rules[0].channels"),
        ("[email]", "{email: 1}", "de.yaml:7:5 rules[0].channels"),
        ("id: DE-ONE", "id: de one", "de.yaml:6:5 rules[0].id"),
        ("statute: {text: UWG, source: M}", "statute: {text: UWG, source: X}", "de.yaml:10:26 rules[0].statute.source"),
        ("statute: {text: UWG, source: M}", "statute: UWG", "de.yaml:10:5 rules[0].statute"),
        ("attested_by: null", "attested_by: 3", "de.yaml:13:5 rules[0].attested_by"),
        ("    attested_by: null\n", "", "de.yaml:6:5 rules[0]"),
        ("as_of: 2026-04-29\n    conf", "as_of: 2026-02-30\n    conf", "de.yaml:11:5 rules[0].as_of"),
        ("confidence: low", "confidence: low\n    valid_from: 2026-13-01", "de.yaml:13:5 rules[0].valid_from"),
        (
            "confidence: low",
            "confidence: low\n    valid_from: 2026-02-01\n    valid_to: 2026-02-01",
            "de.yaml:14:5 rules[0].valid_to",
        ),
        ("confidence: low", "confidence: low\n    says: hush", "de.yaml:13:5 rules[0].says"),
        ("confidence: low", "confidence: low\n    when: [weather]", "de.yaml:13:12 rules[0].when[0]"),
        ("confidence: low", "confidence: low\n    when: [not country]", "de.yaml:13:12 rules[0].when[0]"),
        (
            "confidence: low",
            "confidence: low\n    when: [{consent: [granted]}]",
            "de.yaml:13:23 rules[0].when[0].consent[0]",
        ),
        (
            "confidence: low",
            "confidence: low\n    when: [{consent: {at_least: 3}}]",
            "de.yaml:13:13 rules[0].when[0].consent",
        ),
        ("confidence: low", "confidence: low\n    when: [{past: erased}]", "de.yaml:13:13 rules[0].when[0].past"),
        ("confidence: low", "confidence: low\n    jurisdiction: AT", "de.yaml:13:5 rules[0].jurisdiction"),
        ("[Europe/Berlin]", "[Europe/Bonn]", "de.yaml:3:14 time_zones[0]"),
        ("[Europe/Berlin]", "[]", "de.yaml:3:1 time_zones"),
        ("time_zones: [Europe/Berlin]", "time_zones: [Europe/Berlin]\nregions: [QQ]", "de.yaml:4:11 regions[0]"),
        ("jurisdiction: DE", "jurisdiction: XX", "de.yaml:1:1 jurisdiction"),
        ("jurisdiction: DE", "jurisdiction: EU", "eu.yaml:3:1 jurisdiction"),
        ("sources: {M: from memory}\n", "", "de.yaml:1:1"),
        ("effect: opt_in", "effect: opt_in\n    effect: opt_out", "de.yaml:10:5 rules[0].effect"),
        ("effect: opt_in", "effect: &one opt_in", "de.yaml:9:5 rules[0].effect"),
        ("effect: opt_in", "effect: !!python/name:os.system x", "de.yaml:9:5 rules[0].effect"),
        ("effect: opt_in", "effect: [opt_in", "de.yaml:10:12"),
        ("effect: opt_in", "effect: opt_in\n\tsays: opt_in", "de.yaml:10:1"),
        ("effect: opt_in", "? [a]\n    : opt_in", "de.yaml:6:5 rules[0]"),
    ],
)
def test_a_broken_pack_is_refused_at_its_place(folder: Path, old: str, new: str, place: str) -> None:
    text = HEAD + LINE
    assert old in text
    error = refused(folder, text.replace(old, new, 1))
    assert error.place == place
    assert error.message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", "de.yaml:1:1"),
        (b"- a\n- b\n", "de.yaml:1:1"),
        (b"\xff\xfe", "de.yaml"),
        (b"a: b: c\n", "de.yaml:1:5"),
        (("x: " + "[" * 40 + "]" * 40 + "\n").encode(), "de.yaml:1:16"),
        (("x: " + "[" * 5000 + "]" * 5000 + "\n").encode(), "de.yaml"),
        ((HEAD + LINE + LINE.removeprefix("rules:\n")).encode(), "de.yaml:14:5 rules[1].id"),
        ((HEAD + LINE.replace("DE-ONE", "EU-GDPR-17")).encode(), "EU-GDPR-17"),
    ],
    ids=["empty", "a list", "not UTF-8", "two colons", "deep", "deeper", "id twice", "id of another pack"],
)
def test_a_file_that_is_no_pack(folder: Path, text: bytes, place: str) -> None:
    assert refused(folder, text).place.startswith(place)


def test_without_the_european_base_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "de.yaml").write_text(HEAD + LINE)
    with pytest.raises(BrokenPackError, match="base"):
        api.load_packs(tmp_path)


def test_a_reload_keeps_what_was_in_force(folder: Path) -> None:
    holder = api.PackHolder(folder)
    before = holder.packs
    (folder / "de.yaml").write_text((HEAD + LINE).replace("opt_in", "opt_inn"))
    error = holder.reload()
    assert error is not None
    assert error.place == "de.yaml:9:5 rules[0].effect"
    assert holder.packs is before
    (folder / "de.yaml").write_text((HEAD + LINE).replace("opt_in", "opt_in_express"))
    assert holder.reload() is None
    assert holder.packs.by_jurisdiction["DE"].rules[0].effect == "opt_in_express"


def test_a_rule_ends_at_the_midnight_of_its_place(folder: Path) -> None:
    text = (HEAD + LINE).replace("confidence: low", "confidence: low\n    valid_to: 2026-07-01")
    (folder / "de.yaml").write_text(text)
    valid_to = api.load_packs(folder).by_jurisdiction["DE"].rules[0].valid_to
    assert valid_to is not None
    assert valid_to.isoformat() == "2026-07-01T00:00:00+02:00"
