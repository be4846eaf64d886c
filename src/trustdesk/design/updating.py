"""Words for changes that came from outside, and for what speaks for whose they are."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from trustdesk.updates.contracts import AuditVerdict, ChangeKind, Compared, DuplicateState, ReviewState

STATE_TONES = {
    ReviewState.OPEN: "accent",
    ReviewState.SECOND: "warn",
    ReviewState.SPLIT: "bad",
    ReviewState.DECIDED: "good",
    ReviewState.CLOSED: "plain",
}
VERDICT_TONES = {AuditVerdict.RIGHT: "good", AuditVerdict.WRONG: "bad", AuditVerdict.UNKNOWN: "warn"}
# Icon and tone of a level; whatever a model calls otherwise counts as alike.
_LEVELS = {
    "same": ("check", "good"),
    "sounds": ("speaker", "warn"),
    "typo": ("edit", "warn"),
    "other": ("close", "bad"),
    "missing": ("info", "plain"),
}
_ALIKE = ("info", "warn")
_MOST_BITS = 20.0
_HALF = 40
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A weight as a bar from the middle of 80 units: to the right it speaks for, to the left against."""

    start: str  # as SVG takes numbers, whatever the reader's language
    width: str
    against: bool
    words: str


def change_label(kind: ChangeKind) -> str:
    return {
        ChangeKind.MOVE: _("Move"),
        ChangeKind.NAME: _("New name"),
        ChangeKind.DEATH: _("Death"),
        ChangeKind.PHONE: _("New telephone number"),
        ChangeKind.EMAIL: _("New e-mail address"),
        ChangeKind.NON_DISCLOSURE: _("Order of non-disclosure"),
        ChangeKind.STATE: _("What the source holds now"),
    }[kind]


def about_label(about: str) -> str:
    """By what two records were compared."""
    return {
        "family": _("Family name"),
        "given": _("Given name"),
        "second_given": _("Second given name"),
        "birth_date": _("Birth date"),
        "national_id": _("National number"),
        "number": _("Customer number"),
        "address": _("Postal address"),
        "phone": _("Phone"),
        "email": _("E-mail"),
    }.get(about, about)


def level_label(level: str) -> str:
    """How alike two sides are."""
    return {
        "": _("not compared"),
        "same": _("same"),
        "sounds": _("sounds alike"),
        "typo": _("one slip apart"),
        "like": _("alike"),
        "part": _("partly the same"),
        "near": _("nearly the same"),
        "swapped": _("parts swapped"),
        "initial": _("same initial"),
        "flat": _("same house, other flat"),
        "house": _("same house"),
        "street": _("same street"),
        "area": _("same area"),
        "postcode": _("same postcode"),
        "town": _("same town"),
        "shared": _("a line of several people"),
        "other": _("other"),
        "missing": _("missing"),
    }.get(level, level)


def level_mark(one: Compared) -> tuple[str, str, str]:
    """Word, tone and icon of one comparison. Nothing to compare with is missing, not other; two
    that are compared by nothing, as the numbers of two systems, are both there and say nothing.
    """
    level = one.level
    if not level and not (one.said and one.held):
        level = "missing"
    if level == "missing" and one.said and one.held:
        return _("different, says nothing"), "plain", "tag"
    icon, tone = _LEVELS.get(level, _ALIKE) if level else ("info", "plain")
    return level_label(level), tone, icon


def bar(weight: float) -> Bar:
    """A weight in bits, drawn and said."""
    width = min(abs(weight), _MOST_BITS) / _MOST_BITS * _HALF
    sign = "+" if weight > 0 else _MINUS if weight < 0 else ""
    words = sign + formats.number_format(round(abs(weight), 1), 1)
    start = _HALF - width if weight < 0 else _HALF
    return Bar(f"{start:.1f}", f"{width:.1f}", weight < 0, words)


def share(probability: float) -> str:
    """A probability as a percentage that never says certain, and never says impossible."""
    percent = 100 * probability
    if 0 < percent < 0.1:
        return _("under %(share)s") % {"share": percentage(0.1)}
    if percent > 99.9:
        return _("over %(share)s") % {"share": percentage(99.9)}
    return percentage(percent)


def percentage(percent: float, places: int = 1) -> str:
    """A number of hundredths, as it is."""
    return f"{formats.number_format(round(percent, places), places)}\N{NO-BREAK SPACE}%"


def likely(probability: float) -> str:
    """A probability in words."""
    steps = (
        (0.99, _("almost certain")),
        (0.9, _("very likely")),
        (0.6, _("likely")),
        (0.4, _("as likely as not")),
        (0.1, _("unlikely")),
    )
    return next((words for least, words in steps if probability >= least), _("very unlikely"))


def at_most_share(bound: float) -> str:
    """An upper bound as it is published: rounded up, in as many places as it needs, never none at all."""
    percent, places = 100 * bound, 1
    while places < 6 and percent < 10**-places * 2:
        places += 1
    step = 10**places
    rounded = -(-percent * step // 1) / step
    return percentage(min(rounded, 100), places)


def state_label(state: ReviewState) -> str:
    return {
        ReviewState.OPEN: _("Waits for a decision"),
        ReviewState.SECOND: _("Waits for a second person"),
        ReviewState.SPLIT: _("Two disagree"),
        ReviewState.DECIDED: pgettext("review", "Decided"),
        ReviewState.CLOSED: pgettext("review", "Closed"),
    }[state]


def why_label(why: str) -> str:
    """Why somebody looks at a change instead of its being written by itself."""
    return {
        "near": _("Another customer is nearly as likely."),
        "contradiction": _("What it says contradicts itself, or what another source says."),
        "given": _("The given name is another one."),
        "generation": _(
            "Father and son of one name, perhaps: only one side says who is the elder, or each says another."
        ),
        "household": _("It is more like another person of the same home."),
        "birth_date": _("The birth date is another one."),
        "second": _("Beside name and address nothing shows that it is this person."),
        "unopened": _("The likeliest one could not be opened."),
        "unsure": _("It is not certain enough."),
        "death": _("A death is written by itself only where national number and birth date are both on file."),
        "name-form": _("Which words of the name are which is not certain."),
    }.get(why, "")


def closed_reason(why: str) -> str:
    """Why nobody decides about somebody, with its law."""
    return {
        "restricted": _("Restricted to storage: nothing is shown or written (GDPR Art. 18)."),
        "erased": _("Erased: nothing is shown or written (GDPR Art. 17)."),
    }[why]


def verdict_label(verdict: AuditVerdict) -> str:
    return {
        AuditVerdict.RIGHT: pgettext("verdict", "Right"),
        AuditVerdict.WRONG: pgettext("verdict", "Wrong"),
        AuditVerdict.UNKNOWN: _("Can't tell"),
    }[verdict]


def duplicate_label(state: DuplicateState) -> str:
    return {
        DuplicateState.OPEN: _("Waits for a decision"),
        DuplicateState.MERGED: _("Shown as one"),
        DuplicateState.APART: _("Kept apart"),
    }[state]


def second_label(second: str) -> str:
    """The second identifier, or that there is none."""
    return about_label(second) if second else _("none")


def review_labels() -> dict[str, str]:
    """Entries of the log about what people decide of changes."""
    return {
        "updates.review": _("looked at a change from outside"),
        "updates.review.chosen": _("said whose a change is"),
        "updates.review.sent_back": _("let a change be looked at afresh"),
        "updates.review.closed": _("closed a change about which nobody may decide"),
        "updates.audit": _("looked at an update of a sample"),
        "updates.audit.drawn": _("drew a sample of updates"),
        "updates.audit.judged": _("said whether an update was right"),
        "updates.duplicates.sought": _("had the register looked through for duplicates"),
        "updates.duplicates.proposed": _("found records that may be one person"),
        "updates.duplicate.decided": _("said whether two records are one person"),
    }
