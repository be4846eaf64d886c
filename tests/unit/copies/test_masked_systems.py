"""Of what a connected system handed out, only what is known to be the person's stays as it is."""

import orjson

from trustdesk.copies import elsewhere
from trustdesk.copies.elsewhere import Elsewhere, System, _Taking, free_texts, known_there, masked_system
from trustdesk.copies.masking import BLACK, Mask, Person
from trustdesk.outside.contracts import Record


def mask(*emails: str) -> Mask:
    nothing: frozenset[str] = frozenset()
    return Mask(
        Person(names=nothing, emails=frozenset(emails), numbers=nothing, places=nothing, others=nothing, regions=[]),
        lambda _words: nothing,
    )


def taken(*records: Record, room: int = 1000) -> System:
    taking = _Taking(System("system-0000000000001", "Shop"), Elsewhere(room=room))
    for record in records:
        taking.take(record)
    return taking.system


def test_an_answer_is_masked_as_json_and_as_text() -> None:
    answer = b'{"id": 7, "mail": "aino@example.com", "gift": {"for": ["eero@example.com"]}}'
    common = {"place": "people", "fields": {"/mail": "aino@example.com"}, "own": {"/mail": "email"}}
    system = taken(
        Record(name="7", content=answer, media_type="application/json", **common),  # type: ignore[arg-type]
        Record(name="8", content=b"eero@example.com", media_type="application/json", **common),  # type: ignore[arg-type]
    )
    assert set(known_there(system)) == {("email", "aino@example.com")}
    assert "eero@example.com" in set(free_texts(system))
    part, files = masked_system(system, mask("aino@example.com"))
    assert [row["file"] for row in part.rows] == [one.name for one in files]
    whole, broken = (orjson.loads(one.content) for one in files)
    assert whole == {"id": 7, "mail": "aino@example.com", "gift": {"for": [BLACK]}}
    assert broken == BLACK


def test_a_mail_stays_as_it_was_exchanged() -> None:
    said = {"from": "desk@example.org", "text": "Write to eero@example.com."}
    mail = Record(
        place="INBOX", name="4", fields=said, own=dict.fromkeys(said, ""), content=b"raw", media_type="message/rfc822"
    )
    part, (file,) = masked_system(taken(mail), mask())
    assert part.rows[0]["fields"] == said
    assert (file.name, file.content) == ("systems/system-0000000000001/00001.eml", b"raw")


def test_what_is_too_large_is_named() -> None:
    small, large = (Record(place="{customer}/*", name=f"c1/{size}.pdf", content=bytes(size)) for size in (600, 500))
    part, files = masked_system(taken(small, large), mask())
    assert [(row.get("file"), row.get("too_large")) for row in part.rows] == [
        ("systems/system-0000000000001/00001.pdf", None),
        (None, True),
    ]
    assert [one.media_type for one in files] == ["application/pdf"]


def test_a_name_there_makes_no_name_of_a_file_here() -> None:
    assert elsewhere._suffix("../../etc/passwd") == ""
    assert elsewhere._suffix("c1/a.b/..") == ""
    assert elsewhere._suffix("c1/letter.PDF") == ".PDF"
