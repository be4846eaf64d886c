"""Whether a name is that of several people: no change of one of them may be made of it."""

import re

_AND = re.compile(
    r"(?<=\S)\s*[&+/]\s*(?=\S)|(?<=[^\W\d_])\s+(?:und|u\.|and|és|es|ja|och|oraz|i|sowie)\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_COUPLE = re.compile(
    r"\b(?:eheleute|ehepaar|familie|fam|familj|family|perhe|család|csalad|házaspár|hazaspar|państwo|panstwo|rodzina"
    r"|pariskunta|aviopari)\b",
    re.IGNORECASE,
)
# Between these "und" joins the parts of one name: von und zu Liechtenstein.
_PARTICLES = frozenset({"von", "zu", "vom", "zum", "der", "die"})
_SHORTEST = 3


def several(text: str) -> bool:
    """Anna und Peter Müller, Kovács János és Anna, Eheleute Schmidt; not von und zu Liechtenstein."""
    if _COUPLE.search(text):
        return True
    for found in _AND.finditer(text):
        before, after = text[: found.start()].split(), text[found.end() :].split()
        if before and after and not (before[-1].casefold() in _PARTICLES and after[0].casefold() in _PARTICLES):
            return len(text) > _SHORTEST
    return False
