"""Who stays away: an erased person does not come back by a feed, and a suppressed contact point is not planted by one.

The gates are those that the register asks before it lets anybody in. They hash what they are shown at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Admission, Candidate
from trustdesk.matching.contracts import Said
from trustdesk.register.contracts import CONTACT_POINTS, Held, ValueKind
from trustdesk.updates.contracts import Fate, Terms
from trustdesk.updates.services.cases import Case
from trustdesk.vault.api import TokenKind, normal_value

PLACE = "feed"
ERASED = "erased"
SUPPRESSED = "suppressed"
_FOUND_AS: dict[str, TokenKind] = {
    ValueKind.NAME: "name",
    ValueKind.PHONE: "phone",
    ValueKind.EMAIL: "email",
    ValueKind.ADDRESS: "address",
    ValueKind.HANDLE: "external_id",
    ValueKind.EXTERNAL_ID: "external_id",
    ValueKind.BIRTH_DATE: "birth_date",
}
_WRITTEN_ALIKE = frozenset({"phone", "email", "birth_date"})  # others the gates fold themselves
_NAME_PARTS = ("given_name", "family_name")


def keep_away(context: AccessContext, cases: Sequence[Case], terms: Terms, *, home: str) -> None:
    """Decide who stays away, and mark the contact points that do. Asked of every change that said whose it is, also
    where it is of nobody here: that somebody erased is met again is for the officers to know.
    """
    whole = [_candidate(case, [*case.change.person, *case.change.becomes], terms, home) for case in cases]
    doubtful = []
    for case, answer in zip(cases, _ask(context, whole), strict=True):
        if answer.admitted:
            continue
        if answer.code == ERASED:
            case.customer_id = case.held = None
            case.end(Fate.STAYS_AWAY, ERASED)
        elif case.fate is None:
            doubtful += [(case, said) for said in case.change.becomes if said.kind in CONTACT_POINTS]
    points = [_candidate(case, [said], terms, home) for case, said in doubtful]
    for (case, said), answer in zip(doubtful, _ask(context, points), strict=True):
        if not answer.admitted:
            case.withheld |= {said}


def _ask(context: AccessContext, candidates: Sequence[Candidate]) -> list[Admission]:
    """For each the first refusal, else a word of admittance."""
    answers = [Admission(admitted=True)] * len(candidates)
    for name, gate in registries.admission:
        asked = [number for number, answer in enumerate(answers) if answer.admitted]
        if not asked:
            break
        said = gate.ask(context, [candidates[number] for number in asked])
        if len(said) != len(asked):
            msg = f"admission gate {name!r} did not answer for every candidate"
            raise RuntimeError(msg)
        for number, answer in zip(asked, said, strict=True):
            answers[number] = answer
    return answers


def _candidate(case: Case, planted: Iterable[Said], terms: Terms, home: str) -> Candidate:
    country = case.change.country or home
    return Candidate(
        place=PLACE,
        suppression_values=[_found_by(one, country) for one in planted if one.kind in CONTACT_POINTS],
        source_id=terms.source_id,
        identity_values=_identity(case.change.person, country),
        as_of=_here_since(case.held),
    )


def _identity(person: Sequence[Said], country: str) -> list[tuple[str, str]]:
    """Numbers, birth date and names; a name that is given in parts as a whole."""
    parts = {one.attribute: one.text for one in person if one.attribute in _NAME_PARTS}
    whole = " ".join(parts[part] for part in _NAME_PARTS if part in parts)
    found = [
        _found_by(one, country)
        for one in person
        if one.kind in _FOUND_AS and one.kind not in CONTACT_POINTS and one.attribute not in _NAME_PARTS
    ]
    return [*found, ("name", whole)] if whole else found


def _found_by(said: Said, country: str) -> tuple[str, str]:
    kind = _FOUND_AS[said.kind]
    return kind, normal_value(kind, said.text, country=country) if kind in _WRITTEN_ALIKE else said.text


def _here_since(held: Held | None) -> datetime | None:
    """Since when the person is here by their own coming in: whoever came after an erasure is not kept out by it. Of
    whom nothing is here, all that a feed says counts as from before.
    """
    return min((value.recorded_at for value in held.values), default=None) if held else None
