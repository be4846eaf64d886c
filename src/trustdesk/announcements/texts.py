"""The words of the package: prompts, the parts of a notice to begin with, and how languages count."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from trustdesk.decision.api import Keep, NoticeElement, RecordingMode, RecordingRule

LANGUAGES = ("en", "hu", "fi", "pl", "de")
_FILE = Path(__file__).with_name("texts.toml")


@cache
def _texts() -> Mapping[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def prompt_texts() -> Mapping[str, Mapping[str, str]]:
    """By name and language."""
    found: Mapping[str, Mapping[str, str]] = _texts()["prompts"]
    return found


def standard_parts(rule: RecordingRule, language: str, company: str) -> dict[NoticeElement, str]:
    """What a notice may say, element by element: all that the rule requires, in the order in which it is said."""
    notice = _texts()["notice"]
    filled = {"company": company, "keep": keep_words(rule.keep, language), "days": str(rule.copy_days)}
    recording = {
        RecordingMode.OFF: "unrecorded",
        RecordingMode.NOTICE: "recording",
        RecordingMode.MANDATORY: "recording",
    }.get(rule.mode, "consented")
    names = {element: element.value for element in needed(rule)} | {NoticeElement.RECORDING: recording}
    return {
        element: str(notice[names[element]][language]).format_map(filled).replace("..", ".")  # Kft., Sp. z o.o.
        for element in NoticeElement
        if element in names
    }


def needed(rule: RecordingRule) -> tuple[NoticeElement, ...]:
    """Which elements a notice under this rule must have. Of a call that is not recorded: who, that it is not, and
    where the rest is told.
    """
    if rule.recorded:
        return rule.required_elements
    return (NoticeElement.WHO, NoticeElement.RECORDING, NoticeElement.MORE)


def keep_words(keep: Keep, language: str) -> str:
    """`5 years`, as the language counts."""
    parts = (("years", keep.years), ("months", keep.months), ("days", keep.days))
    units = _texts()["units"]
    return " ".join(f"{number} {_counted(units[unit][language], number, language)}" for unit, number in parts if number)


def _counted(forms: list[str], number: int, language: str) -> str:
    if len(forms) == 1 or number == 1:
        return forms[0]
    if language == "pl":
        few = number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14}
        return forms[1] if few else forms[2]
    return forms[1]
