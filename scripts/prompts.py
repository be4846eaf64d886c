"""The prompts of the exchange: `write` renders src/trustdesk/announcements/prompts anew, `check` fails where one is
missing, one too many, silent, or where all of them are too large.

Rendered once and committed, so that an installation needs no program that speaks. Needs espeak-ng to write.
"""

import sys
from collections.abc import Iterator

import numpy as np

from trustdesk.announcements.prompts import ANY, FOLDER, NUMBERS, SOUNDS
from trustdesk.announcements.sound import Samples, from_alaw, loudness, to_alaw, trimmed
from trustdesk.announcements.speech import spoken
from trustdesk.announcements.texts import LANGUAGES, prompt_texts
from trustdesk.sipedge.api import RATE

MOST_BYTES = 5_000_000
QUIETEST = -35.0


def main() -> None:
    match sys.argv[1:]:
        case ["write"]:
            write()
        case ["check"]:
            faults = list(found_wrong())
            if faults:
                sys.exit("\n".join(f"prompts: {fault}" for fault in faults))
        case _:
            sys.exit("prompts: say write or check")


def names() -> list[tuple[str, str, str]]:
    """Folder, name and text of everything spoken."""
    said = [(language, name, texts[language]) for name, texts in prompt_texts().items() for language in LANGUAGES]
    return said + [(language, str(n), str(n)) for language in LANGUAGES for n in NUMBERS]


def write() -> None:
    for path in FOLDER.rglob("*.alaw"):
        path.unlink()
    for folder, name, text in names():
        samples = spoken(text, folder)
        keep(folder, name, trimmed(samples, before_ms=5, after_ms=30) if text.isdecimal() else samples)
    for name, samples in {
        "beep": beep(),
        "chime": chime(),
        "hold": hold(),
        "pause": np.zeros(RATE * 35 // 100),
    }.items():
        keep(ANY, name, samples)


def keep(folder: str, name: str, samples: Samples) -> None:
    (FOLDER / folder).mkdir(exist_ok=True)
    (FOLDER / folder / f"{name}.alaw").write_bytes(to_alaw(samples))


def found_wrong() -> Iterator[str]:
    wanted = {FOLDER / folder / f"{name}.alaw" for folder, name, _text in names()}
    wanted |= {FOLDER / ANY / f"{name}.alaw" for name in SOUNDS}
    there = set(FOLDER.rglob("*.alaw"))
    yield from (f"{path.relative_to(FOLDER)} is missing" for path in sorted(wanted - there))
    yield from (f"{path.relative_to(FOLDER)} is nobody's" for path in sorted(there - wanted))
    for path in sorted(wanted & there):
        if path.stem != "pause" and loudness(from_alaw(path.read_bytes())).spoken < QUIETEST:
            yield f"{path.relative_to(FOLDER)} is too quiet"
    if (total := sum(path.stat().st_size for path in there)) > MOST_BYTES:
        yield f"{total} bytes in all, more than {MOST_BYTES}"


def tone(pitch: float, seconds: float, *, fades: float, level: float) -> Samples:
    """A struck tone with two overtones."""
    t = np.arange(int(RATE * seconds)) / RATE
    voice = np.sin(2 * np.pi * pitch * t) + 0.35 * np.sin(4 * np.pi * pitch * t) + 0.12 * np.sin(6 * np.pi * pitch * t)
    return level * voice * np.exp(-t / fades) * np.minimum(1, t / 0.008)


def beep() -> Samples:
    """1,400 Hz for 200 ms: what both hear while nothing is recorded."""
    t = np.arange(RATE // 5) / RATE
    return 0.15 * np.sin(2 * np.pi * 1_400 * t) * np.minimum(1, np.minimum(t, t[::-1]) / 0.01)


def chime() -> Samples:
    return placed([(0.0, 523.25), (0.22, 659.25), (0.44, 783.99)], seconds=1.3, fades=0.35, level=0.16)


def hold() -> Samples:
    """Sixteen seconds that loop: broken chords, one every four seconds, soft enough to talk over."""
    chords = [(261.63, 329.63, 392.0), (220.0, 261.63, 329.63), (174.61, 261.63, 349.23), (196.0, 246.94, 392.0)]
    order = (0, 1, 2, 1, 0, 2, 1, 2)
    notes = [
        (4.0 * bar + 0.5 * beat, chord[step]) for bar, chord in enumerate(chords) for beat, step in enumerate(order)
    ]
    return placed(notes, seconds=16.0, fades=0.55, level=0.07, around=True)


def placed(
    notes: list[tuple[float, float]], *, seconds: float, fades: float, level: float, around: bool = False
) -> Samples:
    """Notes at their times; with `around` the last ones sound on at the beginning, so that the loop has no seam."""
    sound = np.zeros(int(RATE * seconds))
    for at, pitch in notes:
        struck = tone(pitch, 2.0, fades=fades, level=level)
        places = int(RATE * at) + np.arange(len(struck))
        if around:
            np.add.at(sound, places % len(sound), struck)
        else:
            inside = places < len(sound)
            sound[places[inside]] += struck[inside]
    return sound


if __name__ == "__main__":
    main()
