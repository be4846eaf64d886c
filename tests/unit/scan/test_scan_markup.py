"""Sheets and documents are read many cells at once, and say what they say cell by cell."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.scan.readers import office
from trustdesk.scan.readers.references import dereferenced, dereferenced_in_a_line

REFERENCES = (
    "&#225;", "&#337;", "&#xe1;", "&#XE1", "&aacute;", "&aacute", "&amp;", "&#38;", "&lt", "&#10;", "&#13;",
    "&NewLine;",
    "&#0;", "&#128;", "&#159;", "&#160;", "&#55296;", "&#65533;", "&#65535;", "&#66000;", "&#000225;", "&#99999999;",
    "&#", "&#12", "&nosuch;", "&", "#", ";", "225;", "amp;", "á", "ő", "\U0001f600", "\ud800", " ", "\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(REFERENCES), max_size=40), st.sampled_from(["", "\n" + "x&#337;&#225;" * 40]))
def test_references_are_read_as_html_reads_them(parts: list[str], many: str) -> None:
    text = "".join(parts) + many
    assert dereferenced(text) == html.unescape(text)


@given(st.lists(st.sampled_from(REFERENCES), max_size=40))
def test_referenced_line_ends_end_no_line(parts: list[str]) -> None:
    text = "".join(parts)
    assert dereferenced_in_a_line(text).count("\n") == text.count("\n")


SHEET = (
    "<worksheet><sheetViews/><sheetData>{rows}</sheetData><headerFooter><oddFooter>&amp;LAnna</oddFooter></headerFooter>"
    "</worksheet>"
)
SHARED = office.strings(
    "<sst><si><t>Kov&amp;ács</t></si>"
    "<si><r><t>An</t></r>\n  <r><t>na\nMaria</t></r><r><t> </t></r><r><t>Kis</t></r></si></sst>"
)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="2" t="s"><v>1</v></c></row>',
            "Kov&ács\tAnna Maria Kis\n",
        ),
        ("<row><c r='A1' t='s'><v>0</v></c><c><v>5</v></c></row>", "Kov&ács\t5\n"),
        ('<row><c t="s"><v>7</v></c><c t="s"><v>99999999999</v></c></row>', "\t99999999999\n"),
        ('<row><c t="inlineStr"><is><t>K&#246;r</t></is></c></row><row/><row><c><v>1</v></c></row>', "Kör\n1\n"),
        ('<row><c t="str"><f>A1&amp;"x"</f><v>Kör</v></c></row>', 'A1&"x" Kör\n'),
        ('<row><c r="A1" s="1"/><c r="B1"><v>2</v></c><c r="C1"/></row>', "2\t\n"),
        ("<row>\n  <c r='A1'>\n    <v>1</v>\n  </c>\n  <c>\n<v>2</v></c>\n</row>\n<row>\n</row>\n", "1\t2\n\n"),
        ('<row><c t="inlineStr"><is><t>Kov\nács&#10;Anna</t></is></c></row>', "Kov ács Anna\n"),
        ("<row><c><v>1", ""),
    ],
)
def test_rows_of_a_sheet(rows: str, said: str) -> None:
    text = "".join(piece.text[piece.overlap :] for piece in office.rows("", SHEET.format(rows=rows), SHARED))
    assert text.startswith(said)
    assert "&LAnna" in text
    assert text[: text.rfind("&LAnna")].count("\n") == said.count("\n") + rows.endswith("\n")


def test_names_of_tags_with_a_prefix() -> None:
    markup = (
        '<x:worksheet><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row></x:sheetData>'
    )
    assert next(office.rows("", markup, SHARED)).text == "Kov&ács\t2\n"


def test_a_long_sheet_has_all_its_rows() -> None:
    rows = "".join(f'<row r="{at}"><c><v>{at}</v></c><c t="s"><v>0</v></c></row>' for at in range(30_000))
    found = list(office.rows("", SHEET.format(rows=rows), SHARED))
    assert len(found) > 2
    lines = "".join(piece.text[piece.overlap :] for piece in found).splitlines()
    assert lines[:30_000] == [f"{at}\tKov&ács" for at in range(30_000)]
    assert [piece.line for piece in found] == sorted(piece.line for piece in found)


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<w:p><w:r><w:t>An</w:t></w:r><w:r><w:t>na</w:t></w:r></w:p>\n  <w:p><w:t>B</w:t></w:p>", "Anna\nB\n"),
        ("<w:tc><w:p><w:t>A</w:t></w:p></w:tc><w:tc><w:p><w:t>B</w:t></w:p></w:tc>", "A\tB\t"),
        ("<w:p><w:t>A</w:t><w:br/><w:t>B</w:t><w:tab/><w:t>C</w:t></w:p>", "A\nB\nC\n"),
        ("<w:p><w:t>A&#337; &amp;lt;</w:t></w:p>", "Aő &lt;\n"),
    ],
)
def test_running_text(markup: str, said: str) -> None:
    assert next(office.paragraphs("", "word/document.xml", f"<w:body>{markup}</w:body>")).text == said
