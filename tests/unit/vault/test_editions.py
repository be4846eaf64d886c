"""What is stored for a value is bound to its version: who changes the one and forgets the other loses customers."""

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
# Of all that a version stores for the values above. Never change a line: a new version gets a line of its own.
DIGESTS = {
    ("name", 1): "b8729fae8c33026d",
    ("phone", 1): "dd819b7ac403bb3b",
    ("email", 1): "c99107f31da05e63",
    ("address", 1): "de38c26b787653f8",
    ("text", 1): "d5ea9cd540e7793d",
    ("external_id", 1): "b86870fa2d567bfd",
    ("birth_date", 1): "52907739631025b1",
}


def given(kind: TokenKind, version: int) -> str:
    stored = FINDERS[kind][version].stored
    said = [
        sorted((part, sorted(texts)) for part, texts in stored(value, country))
        for value in VALUES[kind]
        for country in COUNTRIES
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


@pytest.mark.parametrize(("kind", "version"), [(kind, version) for kind in TOKEN_KINDS for version in FINDERS[kind]])
def test_what_a_version_stores_never_changes(kind: TokenKind, version: int) -> None:
    assert given(kind, version) == DIGESTS[kind, version], (
        f"the normaliser of {kind} stores something else than before: what stands would not be found any more."
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
