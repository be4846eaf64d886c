"""The strings that people read: collected from the code, checked in every language, compiled for the program.

`update` brings new strings into the catalogs, `check` fails where one is missing or lost a placeholder, `compile`
writes what the program loads. Works without the gettext programs, which a fresh machine does not have.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "trustdesk"
LOCALES = PACKAGE / "locale"
LANGUAGES = ("de", "fi", "hu", "pl")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = "# Strings of trustdesk. New ones come in by `make messages`."
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def sources() -> Iterator[tuple[str, bytes]]:
    """Every file with strings, templates rewritten so that they read as Python."""
    for path in sorted(PACKAGE.rglob("*")):
        shown = str(path.relative_to(PACKAGE))
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield shown, path.read_bytes()
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            rewritten = templatize(path.read_text(encoding="utf-8"), origin=shown)
            # A template's indentation means nothing; Python's reader would stumble over it.
            yield shown, "\n".join(line.lstrip() for line in rewritten.splitlines()).encode()


def collect() -> Catalog:
    catalog = Catalog(project="trustdesk", charset="utf-8")
    for shown, content in sources():
        for _line, found, _comments, context in extract("python", io.BytesIO(content), keywords=KEYWORDS):
            catalog.add(found, locations=[(shown, 1)], context=context)
    return catalog


def path_of(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(
            locale=language,
            project="trustdesk",
            version="0",
            charset="utf-8",
            fuzzy=False,
            header_comment=HEADER,
            msgid_bugs_address="see SECURITY.md",
            last_translator="trustdesk",
            language_team=language,
        )
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def forms(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [""])


def fault(message: Message, known: Message | None, plural_forms: int) -> str | None:
    """What is wrong with the translation, or None."""
    if known is None or not all(forms(known.string)):
        return "is not translated"
    if known.fuzzy:
        return "is marked fuzzy"
    wanted = set(PLACEHOLDER.findall(forms(message.id)[-1]))
    if any(set(PLACEHOLDER.findall(text)) - wanted for text in forms(known.string)):
        return "has a placeholder that the original does not have"
    if not isinstance(message.id, str):
        return None if len(forms(known.string)) == plural_forms else "lacks a plural form"
    return "lost a placeholder" if wanted - set(PLACEHOLDER.findall(forms(known.string)[0])) else None


def check() -> int:
    """How many strings are wrong; each is named."""
    collected = collect()
    wrong = 0
    for language in LANGUAGES:
        catalog = load(language)
        for message in collected:
            if not message.id:
                continue
            reason = fault(message, catalog.get(message.id, message.context), catalog.num_plurals)
            if reason:
                wrong += 1
                sys.stderr.write(f"{language}: {forms(message.id)[0]!r} {reason} ({message.locations[0][0]})\n")
    count = len([message for message in collected if message.id])
    sys.stdout.write(f"messages: {count} strings in {len(LANGUAGES)} languages, {wrong} to mend\n")
    return wrong


def update() -> None:
    """New strings come in untranslated, strings no longer used go; nothing is guessed."""
    collected = collect()
    for language in LANGUAGES:
        catalog = load(language)
        catalog.update(collected, no_fuzzy_matching=True)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(
                stream, catalog, width=110, ignore_obsolete=True, sort_output=True, omit_header=False, no_location=True
            )


def compile_all() -> None:
    for language in LANGUAGES:
        path = path_of(language)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as stream:
                write_mo(stream, load(language))


def main() -> None:
    settings.configure(USE_I18N=True)
    match sys.argv[1:]:
        case ["check"]:
            sys.exit(1 if check() else 0)
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case _:
            sys.exit("messages: say check, update or compile")


if __name__ == "__main__":
    main()
