"""A record of two people is nobody's change."""

import pytest

from trustdesk.feeds.readers.persons import several


@pytest.mark.parametrize(
    "text",
    [
        "Anna und Peter Müller", "Kovács János és Anna", "Jan i Anna Kowalscy", "Matti ja Liisa Virtanen",
        "Anna & Peter", "Anna/Peter Müller", "Anna + Peter", "Herr und Frau Müller", "Eheleute Müller", "Fam. Müller",
        "Państwo Kowalscy", "ANNA UND PETER MÜLLER", "Kovács házaspár", "Virtasen perhe",
    ],
)  # fmt: skip
def test_two_people_in_one_name_are_seen(text: str) -> None:
    assert several(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anna Müller", "Karl von und zu Liechtenstein", "Andrea Undset", "Jani Virtanen", "Anna-Liisa", "Ésaiás Ede",
        "i", "&", "", "Müller-Schmidt", "O'Brien", "Meg Ryan", "Familiari",
    ],
)  # fmt: skip
def test_one_persons_name_is_one_persons(text: str) -> None:
    assert not several(text)
