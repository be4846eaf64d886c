"""Where a row of words is not the whole word that people read: a longer host, a double name, a part of a mailbox."""

import re

from trustdesk.scan.contracts import Kind, Variant

_JOINTS = "-_.@+"
_TOKEN = re.compile(r"[\w.+@-]+")
_MAILBOX = re.compile(r"[^\W\d_]\d|@")
"""What is no name, though a name may stand in it: jan_kowal4540, jan.kowal@…."""
_LONGEST_TOKEN = 80
_LONGEST_SUFFIX = 5
"""Hungarian endings come behind a hyphen too (Kiss-sel, Smith-nek); longer words make another name."""
_LETTERS_BEFORE = re.compile(r"[^\W\d_]*\Z")
_LETTERS_BEHIND = re.compile(r"[^\W\d_]*")
_AROUND = re.compile(r"(?P<before>[^\W\d_]*)(?P<digits>[\W\d_]*)(?P<behind>[^\W\d_]*)")


def stands_free(text: str, start: int, end: int) -> bool:
    """Whether nothing before or behind joins the words to something: then they are whole, whatever they spell."""
    return not (start and text[start - 1] in _JOINTS) and not (end < len(text) and text[end] in _JOINTS)


def is_whole(text: str, start: int, end: int, variant: Variant) -> bool:
    """False where what stands before or behind makes the words part of something else."""
    if stands_free(text, start, end):
        return True
    before, behind = text[start - 1 : start] if start else "", text[end : end + 1]
    if variant.kind is Kind.EMAIL:
        # A bounce address (VERP) has it behind a plus and with another sign for its @.
        hangs = _hangs_before(text, start) and "@" in text[start:end]
        return not hangs and not (behind == "." and text[end + 1 : end + 2].isalnum())
    if variant.kind is not Kind.NAME:
        return True
    spelled = text[start:end]
    if _is_one_word(variant) and _is_in_a_mailbox(text, start, end):
        return False
    # A name of hyphens and underscores alone stands in the name of a file: what is beside it is no name.
    if not _is_one_word(variant) and not any(sign.isspace() for sign in spelled):
        return True
    return not (before == "-" and text[start - 2 : start - 1].isalpha()) and not (
        behind == "-" and _goes_on(spelled, _LETTERS_BEHIND.match(text, end + 1))
    )


def _hangs_before(text: str, start: int) -> bool:
    return start > 1 and text[start - 1] in ".+-_" and text[start - 2].isalnum()


def _is_one_word(variant: Variant) -> bool:
    return not any(sign.isspace() for sign in variant.text)


def _is_in_a_mailbox(text: str, start: int, end: int) -> bool:
    first = start
    while first and start - first < _LONGEST_TOKEN and _TOKEN.fullmatch(text[first - 1]):
        first -= 1
    token = _TOKEN.match(text, first, end + _LONGEST_TOKEN)
    return token is not None and _MAILBOX.search(token[0]) is not None


def _goes_on(spelled: str, behind: re.Match[str] | None) -> bool:
    """Whether a word behind a hyphen is another part of the name and no ending."""
    word = behind[0] if behind else ""
    if not word:
        return False
    if word[0].isupper() and not spelled.isupper():
        return True
    # Where all letters are small or all are capitals, the length tells.
    return len(word) > _LONGEST_SUFFIX and (spelled.isupper() or spelled.islower())


def is_own_number(text: str, start: int, end: int, variant: Variant) -> bool:
    """False where other letters than the id's own hang on its digits: it is another one's, or no number at all."""
    if variant.kind is not Kind.ID:
        return True
    before = _LETTERS_BEFORE.search(text, max(start - _LONGEST_TOKEN, 0), start)
    behind = _LETTERS_BEHIND.match(text, end)
    own = _AROUND.fullmatch(variant.about)
    said = (before[0] if before else "", behind[0] if behind else "")
    if own is None:
        return True
    return all(not one or one.casefold() == other.casefold() for one, other in zip(said, own.group(1, 3), strict=True))
