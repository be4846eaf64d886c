"""Answers of the change interface of Finland's population register, as it is documented; persons are test persons."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from trustdesk.batch.contracts import FileReason, UnreadableFileError
from trustdesk.feeds.readers import elements
from trustdesk.feeds.readers.formats import check, read
from trustdesk.feeds.readers.values import Fault, FaultCode, Record, Setting
from trustdesk.kernel.errors import BadInputError
from trustdesk.matching.contracts import Said
from trustdesk.updates.contracts import Change, ChangeKind

SETTING = Setting(country="FI", now=datetime(2026, 11, 26, 12, tzinfo=UTC))
ENTERED = "2026-11-20T04:38:04.394Z"
NUMBER = Said("national_id", "external_id", "040180-9998")


def day(text: str, precision: str = "PAIVA") -> dict[str, str]:
    return {"arvo": text, "tarkkuus": precision}


def person(*groups: dict[str, Any], number: object = "040180-9998", entered: object = ENTERED) -> dict[str, Any]:
    return {"henkilotunnus": number, "tietoryhmat": list(groups), "muutospv": entered}


def home(change: str, street: str, until: str = "2999-02-28", **rest: object) -> dict[str, Any]:
    return {
        "tietoryhma": "VAKINAINEN_KOTIMAINEN_OSOITE",
        "muutosattribuutti": change,
        "alkupv": day("2026-11-15"),
        "loppupv": day(until),
        "katunimi": {"fi": street, "sv": "Nyvägen"},
        "katunumero": "17",
        "huoneistokirjain": "A",
        "huoneistonumero": "002",
        "postinumero": "02940",
        "postitoimipaikka": {"fi": "ESPOO", "sv": "ESBO"},
        **rest,
    }


def answered(tmp_path: Path, *people: object) -> list[Record]:
    return of_bytes(
        tmp_path, json.dumps({"viimeisinKirjausavain": 7, "muutokset": people, "ajanTasalla": True}).encode()
    )


def of_bytes(tmp_path: Path, content: bytes) -> list[Record]:
    file = tmp_path / "answer.json"
    file.write_bytes(content)
    return list(read("dvv", file, {}, SETTING))


def changes(records: list[Record]) -> list[Change]:
    assert all(isinstance(record, Change) for record in records), records
    return [record for record in records if isinstance(record, Change)]


def test_a_move_says_the_new_home_and_what_the_old_one_was(tmp_path: Path) -> None:
    moved = person(home("LISATTY", "Uusitie"), home("MUUTETTU", "Vanhatie", until="2026-11-14"))
    (found,) = changes(answered(tmp_path, moved))
    old = Said("address", "address", "Vanhatie 17 A 2, 02940 ESPOO")
    assert found == Change(
        position=f"{ENTERED} move",
        kind=ChangeKind.MOVE,
        person=(NUMBER, old),
        becomes=(Said("address", "address", "Uusitie 17 A 2, 02940 ESPOO"),),
        ends=(old,),
        as_of=datetime(2026, 11, 14, 22, tzinfo=UTC),
        country="FI",
    )


def test_records_entered_in_one_moment_have_positions_of_their_own(tmp_path: Path) -> None:
    records = [person(home("LISATTY", "Uusitie"), number=number) for number in ("040180-9998", "050180-999W")]
    first, second = changes(answered(tmp_path, *records))
    assert [first.position, second.position] == [f"{ENTERED} move", f"{ENTERED} #2 move"]
    assert changes(answered(tmp_path, *records)) == [first, second]


def test_whoever_speaks_swedish_gets_the_swedish_address(tmp_path: Path) -> None:
    language = {"tietoryhma": "AIDINKIELI", "muutosattribuutti": "LISATIETO", "kielikoodi": "sv"}
    (found,) = changes(answered(tmp_path, person(home("LISATTY", "Uusitie"), language)))
    assert found.becomes[0].text == "Nyvägen 17 A 2, 02940 ESBO"


def test_a_new_name_is_told_of_whoever_had_the_old_one(tmp_path: Path) -> None:
    name = {"tietoryhma": "HENKILON_NIMI", "muutosattribuutti": "MUUTETTU", "alkupv": day("2026-11-01")}
    former = {"tietoryhma": "NIMENMUUTOS", "muutosattribuutti": "LISATTY", "nimilaji": "EDELLINEN_SUKUNIMI"}
    (found,) = changes(
        answered(tmp_path, person(name | {"etunimi": "Aino", "sukunimi": "Korpi"}, former | {"nimi": "Laine"}))
    )
    assert found.kind is ChangeKind.NAME
    assert found.person == (NUMBER, Said("family_name", "name", "Laine"))
    assert found.becomes == (Said("given_name", "name", "Aino"), Said("family_name", "name", "Korpi"))


def test_an_order_of_non_disclosure_leaves_no_address_behind(tmp_path: Path) -> None:
    order = {"tietoryhma": "TURVAKIELTO", "muutosattribuutti": "LISATTY", "turvakieltoAktiivinen": True}
    mail = {"tietoryhma": "SAHKOPOSTIOSOITE", "muutosattribuutti": "LISATTY", "sahkopostiosoite": "aino@example.fi"}
    (found,) = changes(answered(tmp_path, person(home("LISATTY", "Uusitie"), mail, order)))
    assert (found.kind, found.becomes, found.ends) == (ChangeKind.NON_DISCLOSURE, (), ())


def test_an_order_is_seen_by_what_it_covers(tmp_path: Path) -> None:
    covered = {"tietoryhma": "VAKINAINEN_KOTIMAINEN_OSOITE", "muutosattribuutti": "MUUTETTU"}
    (found,) = changes(answered(tmp_path, person(covered | {"turvakiellonAlaisetKentat": ["katunimi"]})))
    assert found.kind is ChangeKind.NON_DISCLOSURE


def test_an_order_that_ended_is_named_among_what_holds_no_more(tmp_path: Path) -> None:
    order = {"tietoryhma": "TURVAKIELTO", "muutosattribuutti": "MUUTETTU", "turvakieltoAktiivinen": False}
    first, second = changes(
        answered(tmp_path, person(order | {"turvaLoppuPv": day("2030-01-01")}, home("MUUTETTU", "Uusitie")))
    )
    assert first.kind is ChangeKind.NON_DISCLOSURE
    assert [said.attribute for said in first.ends] == ["non_disclosure"]
    assert first.as_of == datetime.fromisoformat(ENTERED)
    assert second.kind is ChangeKind.MOVE


def test_a_death_is_of_its_day_and_one_of_no_known_day_is_of_the_day_it_was_entered(tmp_path: Path) -> None:
    death = {"tietoryhma": "KUOLINPAIVA", "muutosattribuutti": "LISATTY", "kuollut": True}
    first, second, third = changes(
        answered(
            tmp_path,
            person(death | {"kuolinpv": day("2026-10-30")}),
            person(death | {"kuolinpv": day("2026-10", "KUUKAUSI")}),
            person(death | {"kuolinpv": day("", "EI_TIEDOSSA")}),
        )
    )
    assert [found.kind for found in (first, second, third)] == [ChangeKind.DEATH] * 3
    assert first.as_of == datetime(2026, 10, 29, 22, tzinfo=UTC)
    assert second.as_of == datetime(2026, 9, 30, 21, tzinfo=UTC)
    assert third.as_of == datetime.fromisoformat(ENTERED)


def test_a_new_number_of_a_person_is_a_state(tmp_path: Path) -> None:
    fixed = {
        "tietoryhma": "HENKILOTUNNUS_KORJAUS", "muutosattribuutti": "LISATTY", "voimassaolo": "AKTIIVI",
        "aktiivinenHenkilotunnus": "050180-999W",
    }  # fmt: skip
    (found,) = changes(answered(tmp_path, person(fixed)))
    assert (found.kind, found.becomes) == (ChangeKind.STATE, (Said("national_id", "external_id", "050180-999W"),))


def test_what_no_register_of_customers_keeps_is_passed_over(tmp_path: Path) -> None:
    child = {"tietoryhma": "LAPSI_SUPPEA", "muutosattribuutti": "LISATTY", "lapsi": {"henkilotunnus": "010120A999K"}}
    temporary = home("LISATTY", "Mökkitie", tietoryhma="TILAPAINEN_KOTIMAINEN_OSOITE")
    assert answered(tmp_path, person(child, temporary, home("LISATIETO", "Uusitie"))) == []


@pytest.mark.parametrize(
    ("record", "place", "code"),
    [
        (person(number="040180-9990"), "henkilotunnus", FaultCode.BAD_NUMBER),
        (person(number=None), "henkilotunnus", FaultCode.BAD_NUMBER),
        (person(entered=None), "muutospv", FaultCode.NO_DATE),
        (person(entered="yesterday"), "muutospv", FaultCode.BAD_DATE),
        (person(entered="2026-12-24T00:00:00Z"), "muutospv", FaultCode.FUTURE),
        (person(home("LISATTY", "Uusitie", alkupv=day("2026-13-01"))), "alkupv", FaultCode.BAD_DATE),
        (person(home("LISATTY", "Uusitie", alkupv=day("2026-12-24"))), "move", FaultCode.FUTURE),
        (
            person({"tietoryhma": "KUOLINPAIVA", "muutosattribuutti": "KORJATTU", "kuollut": False}),
            "KUOLINPAIVA",
            FaultCode.TAKEN_BACK,
        ),
        (
            person({"tietoryhma": "HENKILON_NIMI", "muutosattribuutti": "MUUTETTU", "etunimi": "Aino ja Eino"}),
            "HENKILON_NIMI",
            FaultCode.TWO_PEOPLE,
        ),
        ({"henkilotunnus": "040180-9998"}, "tietoryhmat", FaultCode.NOT_AN_OBJECT),
        (["a", "list"], "tietoryhmat", FaultCode.NOT_AN_OBJECT),
    ],
)
def test_a_record_that_can_not_be_taken_is_parked_and_the_next_one_is_read(
    tmp_path: Path, record: object, place: str, code: FaultCode
) -> None:
    first, second = answered(tmp_path, record, person(home("LISATTY", "Uusitie")))
    assert isinstance(first, Fault)
    assert (first.place, first.code) == (place, code)
    assert "Aino" not in repr(first)
    assert isinstance(second, Change)


def test_an_answer_cut_off_anywhere_gives_what_was_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "_BLOCK", 16)  # the seams between two blocks fall everywhere
    records = [person(home("LISATTY", 'Uusi "tie" \\ [ö{')), person(home("LISATTY", "Toinentie"))]
    whole = json.dumps({"muutokset": records}, ensure_ascii=False).encode()
    begins, ends = whole.index(b"[") + 1, len(whole) - 2
    complete = of_bytes(tmp_path, whole)
    assert len(changes(complete)) == 2
    for cut in range(begins, ends):
        *found, last = of_bytes(tmp_path, whole[:cut])
        assert isinstance(last, Fault)
        assert last.code == FaultCode.TRUNCATED
        assert found == complete[: len(found)]


def test_broken_json_in_one_record_costs_that_record(tmp_path: Path) -> None:
    good = json.dumps(person(home("LISATTY", "Uusitie")))
    first, second = of_bytes(tmp_path, f'{{"muutokset": [{{"a": nonsense}}, {good}]}}'.encode())
    assert first == Fault("record 1", "", FaultCode.NOT_JSON)
    assert isinstance(second, Change)


def test_an_endless_record_is_passed_over_without_being_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "MOST", 2_000)
    first, second = answered(tmp_path, person({"tietoryhma": "X" * 5_000}), person(home("LISATTY", "Uusitie")))
    assert first == Fault("record 1", "", FaultCode.TOO_LONG)
    assert isinstance(second, Change)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FileReason.EMPTY),
        (b'{"virhe": "no"}', FileReason.HEADER),
        (json.dumps({"muutokset": [person(home("LISATTY", "Mäkitie"))]}, ensure_ascii=False).encode("latin-1"),
         FileReason.WRONG_ENCODING),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused(tmp_path: Path, content: bytes, reason: FileReason) -> None:
    with pytest.raises(UnreadableFileError) as fault:
        of_bytes(tmp_path, content)
    assert fault.value.reason is reason
    assert fault.value.place or reason is FileReason.EMPTY


def test_an_empty_answer_holds_nothing(tmp_path: Path) -> None:
    assert of_bytes(tmp_path, b'{"viimeisinKirjausavain": 7, "muutokset": [ ], "ajanTasalla": true}') == []


def test_the_format_takes_no_reading() -> None:
    with pytest.raises(BadInputError) as fault:
        check("dvv", {"columns": {}})
    assert fault.value.place == "columns"
