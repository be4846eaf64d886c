"""What a normaliser gives is bound to its version: who changes the one and forgets the other loses customers."""

import hashlib
import json

import pytest

from trustdesk.vault.contracts import TOKEN_KINDS, TokenKind
from trustdesk.vault.services.terms import EDITIONS, FINDERS, asked_terms, newest_edition, stored_terms

COUNTRIES = ("HU", "FI", "PL", "DE", "AT", "")
VALUES: dict[TokenKind, tuple[str, ...]] = {
    "name": (
        "Dr. Kovács Jánosné",
        "O'Brien Zoë",
        "Müller-Lüdenscheidt",
        "ŁUCJA ŻÓŁĆ",
        "Ng",
        "von der Größe",
        "d\N{RIGHT SINGLE QUOTATION MARK}Arc",
    ),
    "phone": ("06 30 123 4567", "+358 40 1234567", "040-1234567", "0048 600 700 800", "(0)89/123456", "112", "x"),
    "email": (
        "Janos.Kovacs@Example.HU",
        "<a.b@xn--kovcs-zqa.hu>",
        "info@",
        "kovacs janos",
        "mailto:x+y@sub.example.fi",
    ),
    "address": ("1055 Budapest, Kossuth Lajos u. 12/a", "ul. Marszałkowska 1, 00-950 Warszawa", "Hauptstraße 5"),
    "text": ("A mosógép szervizelése után visszahívást kér.", "Ó, Ő! 12-34"),
    "external_id": ("00012-34A", "000", "HU-020001", "kovács 7"),
    "birth_date": ("1985-03-04", "4.3.1985", "1985. március 4.", "4. maaliskuuta 1985", "1985-02-30"),
}
# Of all that a version gives for the values above. Never change a line: a new version gets a line of its own.
DIGESTS = {
    ("name", 1): "927d561fbb2b7c32",
    ("phone", 1): "c24406fe9046e1f6",
    ("email", 1): "beb00c757b528237",
    ("address", 1): "fb0e945dae2e649a",
    ("text", 1): "03b95f5e2f7fa9a1",
    ("external_id", 1): "a8a5332cc8a507f6",
    ("birth_date", 1): "6a18754d99231399",
}


def given(kind: TokenKind, version: int) -> str:
    finder = FINDERS[kind][version]
    said = [
        [sorted((part, sorted(texts)) for part, texts in reads(value, country))]
        for value in VALUES[kind]
        for country in COUNTRIES
        for reads in (finder.stored, finder.asked, finder.matched)
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


@pytest.mark.parametrize(("kind", "version"), [(kind, version) for kind in TOKEN_KINDS for version in FINDERS[kind]])
def test_what_a_version_gives_never_changes(kind: TokenKind, version: int) -> None:
    assert given(kind, version) == DIGESTS[kind, version], (
        f"the normaliser of {kind} gives something else than before: stored tokens would not be found any more."
        " Leave it as it is and add a finder under the next version, an edition that names it, and a line above."
    )


def test_every_edition_names_a_version_of_every_kind_and_none_goes_back() -> None:
    before = dict.fromkeys(TOKEN_KINDS, 1)
    for number, edition in sorted(EDITIONS.items()):
        assert set(edition) == set(TOKEN_KINDS), number
        for kind in TOKEN_KINDS:
            assert edition[kind] in FINDERS[kind]
            assert edition[kind] >= before[kind], (number, kind)
        before = dict(edition)


def test_an_edition_s_tokens_bear_its_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FINDERS["phone"], 2, FINDERS["phone"][1])
    monkeypatch.setitem(EDITIONS, 2, {**EDITIONS[1], "phone": 2})
    assert newest_edition() == 2
    number = "06301234567"
    assert (
        stored_terms("phone", number, "HU") == asked_terms("phone", number, "HU") == [("phone.tail/2", ["301234567"])]
    )
    assert stored_terms("phone", number, "HU", edition=1) == [("phone.tail/1", ["301234567"])]
    assert stored_terms("text", "a", "HU", edition=2) == stored_terms("text", "a", "HU", edition=1)
