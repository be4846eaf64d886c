"""A program whose normalisers have changed: Meyer and Meier are one name, and phones are found by eight digits."""

import sys
import time

from trustdesk.vault.contracts import TokenKind
from trustdesk.vault.services import phones, terms
from trustdesk.vault.services.terms import Finder, Terms


def spelled(value: str) -> str:
    return value.lower().replace("y", "i")


def _phone(value: str, country: str) -> Terms:
    tail = phones.tail(value, country)[-8:]
    return [("tail", [tail])] if tail else []


def finders() -> dict[TokenKind, Finder]:
    name = terms.FINDERS["name"][1]
    return {
        "name": Finder(
            lambda value, country: name.stored(spelled(value), country),
            lambda value, country: name.asked(spelled(value), country),
            lambda value, country: name.matched(spelled(value), country),
        ),
        "phone": Finder(_phone, _phone, _phone),
    }


def edition() -> dict[TokenKind, int]:
    return {**terms.EDITIONS[1], "name": 2, "phone": 2}


def main() -> None:
    """Make a company's tokens anew in chunks of ten; in the third, wait to be killed after its rows are written."""
    import django  # noqa: PLC0415 - a process of its own

    django.setup()
    from trustdesk.cli import renew_tokens  # noqa: PLC0415 - needs the settings
    from trustdesk.register.services import renewing  # noqa: PLC0415
    from trustdesk.register.services.tokens import replace  # noqa: PLC0415

    for kind, finder in finders().items():
        terms.FINDERS[kind][2] = finder
    terms.EDITIONS[2] = edition()
    chunks = iter(range(1, 100))

    def slow(*args: object) -> None:
        replace(*args)  # type: ignore[arg-type]
        if next(chunks) == 3:
            sys.stdout.write("in the middle\n")
            sys.stdout.flush()
            time.sleep(60)

    renewing.replace = slow  # type: ignore[assignment, attr-defined]
    renew_tokens.renew(int(sys.argv[1]), "Company", chunk=10)


if __name__ == "__main__":
    main()
