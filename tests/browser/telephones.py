"""Browsers with a microphone: a tone out of a file, given without asking, or never."""

import contextlib
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Error

from tests.browser.conftest import CHROMIUM, SWITCHES

SAID = 440
"""The tone that every microphone takes up, in hertz."""


def write_tone(path: Path) -> None:
    """Two seconds of it, as a browser's microphone reads it again and again."""
    tone = 10_000 * np.sin(2 * np.pi * SAID / 48_000 * np.arange(96_000))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(tone.astype("<i2").tobytes())


@contextlib.contextmanager
def telephone(
    browser: Browser, folder: Path, *, microphone: Literal["given", "denied"] = "given"
) -> Iterator[BrowserContext]:
    """A browser of its own with a profile in the folder, so that a test may kill it and no other."""
    write_tone(folder / "tone.wav")
    asked = "--use-fake-ui-for-media-stream" + ("=deny" if microphone == "denied" else "")
    context = browser.browser_type.launch_persistent_context(
        folder / "profile",
        executable_path=CHROMIUM,
        args=[
            *SWITCHES,
            asked,
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={folder / 'tone.wav'}",
            "--autoplay-policy=no-user-gesture-required",
            "--allow-loopback-in-peer-connection",
        ],
    )
    yield context
    with contextlib.suppress(Error):  # it was killed
        context.close()


def processes(folder: Path) -> list[int]:
    """Those of the browser with this profile."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder / "profile").encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found
