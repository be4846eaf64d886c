"""Letters as PDF, printed by Chromium: a text layer of subset fonts, divided into lines as the page wants it."""

import os
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks._residual.plan import Row

FORMS = ("paragraph", "table", "narrow")
_CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
_SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
_STYLE = "<style>body{font:11pt 'DejaVu Sans'} .narrow{width:62mm} td{border:1px solid;padding:1mm}</style>"


def plant_letters(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    places = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_SWITCHES))
        page = chromium.new_page()
        for number, (container, rows) in enumerate(containers.items()):
            (row,) = rows
            name = f"letter-{container}.pdf"
            page.set_content(sheet(row, FORMS[number % len(FORMS)]))
            page.pdf(path=folder / name, format="A4")
            places[container] = name
        chromium.close()
    return places


def sheet(row: Row, form: str) -> str:
    person, address = row.person, row.person.address
    noted = _marked(f"{row.remark} {row.contact}".strip())
    if form == "table":
        noted = f"<table><tr><td>{row.ticket}</td><td>{noted}</td></tr></table>"
    head = "<br>".join(
        map(escape, (person.name, f"{address.street} {address.house}", f"{address.postcode} {address.town}"))
    )
    return (
        f"<!doctype html><meta charset=utf-8>{_STYLE}<p>{head}</p><h3>{row.ticket}</h3><div class={form}>{noted}</div>"
    )


def _marked(text: str) -> str:
    return escape(text).replace("\n", "<br>")
