import pytest

from trustdesk.intake.contracts import ColumnMapping, Target, Undeclared, mapping_from_json
from trustdesk.kernel.errors import BadInputError
from trustdesk.register.contracts import CustomerKind

SAID = {
    "columns": {"Név": "name", "Mobil": {"to": "phone", "label": "mobile", "shared_line": True}},
    "undeclared": "drop",
    "country": "HU",
    "reading": {"encoding": "cp1250", "delimiter": ";"},
}


def test_a_mapping_file_is_read_and_written_alike() -> None:
    mapping = mapping_from_json("list", SAID)
    assert mapping.columns["Mobil"] == Target("phone", "mobile", shared_line=True)
    assert (mapping.undeclared, mapping.kind, mapping.reading.encoding) == (
        Undeclared.DROP,
        CustomerKind.PERSON,
        "cp1250",
    )
    assert mapping_from_json("list", mapping.as_json()) == mapping


def test_its_digest_is_of_what_it_says_not_of_its_name() -> None:
    one, other = mapping_from_json("one", SAID), mapping_from_json("other", SAID)
    assert one.digest == other.digest
    assert one.digest != mapping_from_json("one", SAID | {"undeclared": "refuse"}).digest


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ([], "columns"),
        ({}, "columns"),
        ({"columns": {}}, "columns"),
        ({"columns": {"a": "name"}}, "undeclared"),
        (SAID | {"undeclared": "keep"}, "undeclared"),
        (SAID | {"colums": {}}, "colums"),
        (SAID | {"columns": {"a": 1}}, "columns"),
        (SAID | {"columns": {"a": {"to": "name", "labl": "x"}}}, "columns"),
        (SAID | {"kind": "robot"}, "kind, reading"),
        (SAID | {"reading": {"endoding": "cp1250"}}, "kind, reading"),
        (SAID | {"reading": "cp1250"}, "kind, reading"),
        (SAID | {"country": 1}, "country, language, date_format"),
    ],
)
def test_what_is_missing_or_strange_is_named(said: object, place: str) -> None:
    with pytest.raises(BadInputError) as caught:
        mapping_from_json("list", said)
    assert caught.value.place == place


def test_what_becomes_of_other_columns_must_be_said() -> None:
    with pytest.raises(TypeError):
        ColumnMapping(name="x", columns={"a": Target("name")})  # type: ignore[call-arg]
