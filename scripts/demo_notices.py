"""The call notices of the demo's companies: `write` renders src/trustdesk/demo/notices anew, `check` fails where a text
has changed since. Needs espeak-ng to write.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime

ON = datetime(2026, 11, 26, tzinfo=UTC)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustdesk.settings.test")
    os.environ.setdefault("TRUSTDESK_HOME", tempfile.mkdtemp())
    import django  # noqa: PLC0415 - the settings come first

    django.setup()
    match sys.argv[1:]:
        case ["write"]:
            write()
        case ["check"]:
            from trustdesk.demo.calls import FOLDER  # noqa: PLC0415

            for language, text in texts():
                if (FOLDER / f"{language}.txt").read_text(encoding="utf-8") != text + "\n":
                    sys.exit(
                        f"demo_notices: {language} says something else; run `python scripts/demo_notices.py write`"
                    )
        case _:
            sys.exit("demo_notices: say write or check")


def texts() -> Iterator[tuple[str, str]]:
    """Language and text of each."""
    from trustdesk.demo.calls import REACHED, parts_of  # noqa: PLC0415
    from trustdesk.demo.companies import COMPANIES  # noqa: PLC0415

    for company in COMPANIES:
        yield REACHED[company.country].language, " ".join(parts_of(company, now=ON).values())


def write() -> None:
    from trustdesk.announcements.sound import to_alaw  # noqa: PLC0415
    from trustdesk.announcements.speech import spoken  # noqa: PLC0415
    from trustdesk.announcements.wave import write_alaw_wave  # noqa: PLC0415
    from trustdesk.demo.calls import FOLDER  # noqa: PLC0415

    FOLDER.mkdir(exist_ok=True)
    for language, text in texts():
        (FOLDER / f"{language}.txt").write_text(text + "\n", encoding="utf-8")
        (FOLDER / f"{language}.wav").write_bytes(write_alaw_wave(to_alaw(spoken(text, language))))


if __name__ == "__main__":
    main()
