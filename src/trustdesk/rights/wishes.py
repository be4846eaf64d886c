"""What a person wrote, as it is sealed and opened: words, name, where an answer may go, and what exactly is wanted."""

import json
from dataclasses import replace

from trustdesk.decision.contracts import Channel as Way
from trustdesk.register.contracts import RestrictionGround
from trustdesk.rights.contracts import Told, Wish


def packed(told: Told) -> str:
    """As it goes into the seal."""
    wish = told.wish
    said = {
        "words": told.words,
        "name": told.name,
        "reply_to": told.reply_to,
        "corrections": [list(pair) for pair in wish.corrections],
        "ground": wish.ground,
        "purpose": wish.purpose,
        "way": wish.way,
    }
    return json.dumps(said, ensure_ascii=False)


def unpacked(text: str | None) -> Told:
    """As it was; nothing where the key is destroyed."""
    if text is None:
        return Told(words=None, name=None, reply_to=None, wish=Wish())
    said = json.loads(text)
    wish = Wish(
        corrections=tuple((int(value), str(right)) for value, right in said["corrections"]),
        ground=RestrictionGround(said["ground"]) if said["ground"] else None,
        purpose=said["purpose"],
        way=Way(said["way"]) if said["way"] else None,
    )
    return Told(words=said["words"], name=said["name"], reply_to=said["reply_to"], wish=wish)


def specified(told: Told, wish: Wish) -> Told:
    """The same with what is wanted said more exactly."""
    return replace(told, wish=wish)
