"""What proves a consent, method by method (GDPR Art. 7(1), UWG § 7a(1)). A withdrawal needs no proof (Art. 7(3))."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import By, ConsentState, Evidence, Method
from trustdesk.kernel.errors import BadInputError

_DIGEST_BYTES = 32
_LONGEST_WORDS = 20_000
EXPRESS = frozenset(
    {Method.WEB_FORM, Method.DOUBLE_OPT_IN, Method.RECORDED_SENTENCE, Method.PAPER_SCAN, Method.KEY_PRESS}
)
"""A tick set, a sentence spoken or signed, a key pressed: acts that are express by themselves."""

Needs = Callable[[Evidence], bool]
# What each method has to bring along to prove a consent: the place, whether it is there.
_PROOF: Mapping[Method, Mapping[str, Needs]] = {
    Method.WEB_FORM: {"words": lambda said: bool(said.words), "notice_version": lambda said: bool(said.notice_version)},
    Method.DOUBLE_OPT_IN: {
        "words": lambda said: bool(said.words),
        "notice_version": lambda said: bool(said.notice_version),
        "reference": lambda said: bool(said.reference),  # of the mail that was answered
    },
    Method.RECORDED_SENTENCE: {
        "words": lambda said: bool(said.words),
        "notice_version": lambda said: bool(said.notice_version),
        "recording": lambda said: bool(said.recording),
        "spoken_ms": lambda said: said.spoken_ms is not None and 0 <= said.spoken_ms[0] < said.spoken_ms[1],
    },
    Method.KEY_PRESS: {
        "words": lambda said: bool(said.words),
        "notice_version": lambda said: bool(said.notice_version),
        "reference": lambda said: bool(said.reference or said.recording),  # of the call
    },
    Method.PAPER_SCAN: {
        "document_sha256": lambda said: len(said.document_sha256) == _DIGEST_BYTES,
        "reference": lambda said: bool(said.reference),
    },
    Method.IMPORT: {
        "document_sha256": lambda said: len(said.document_sha256) == _DIGEST_BYTES,
        "reference": lambda said: bool(said.reference),
        "source_id": lambda said: said.source_id is not None,
    },
}


def check(state: ConsentState, said: Evidence) -> None:
    """BadInputError where the evidence does not carry the state."""
    if len(said.words) > _LONGEST_WORDS or "\0" in said.words:
        raise BadInputError(_("The words are too long."), place="words", mend=_("At most 20,000 letters."))
    if said.document_sha256 and len(said.document_sha256) != _DIGEST_BYTES:
        raise BadInputError(_("This is no SHA-256 digest."), place="document_sha256", mend=_("Give its 32 bytes."))
    if state is ConsentState.GIVEN:
        _check_given(said)
    elif state is ConsentState.PRESUMED:
        _check_presumed(said)
    elif said.method is Method.FACTS:
        raise BadInputError(_("Facts support a presumption and nothing else."), place="method")
    if state is ConsentState.EXPIRED and said.by is not By.CONTROLLER:
        raise BadInputError(_("An expiry is nobody's act."), place="by", mend=_("Record a withdrawal instead."))


def _check_given(said: Evidence) -> None:
    needs = _PROOF.get(said.method)
    if needs is None:
        raise BadInputError(
            _("Nothing would prove this consent (GDPR Art. 7(1))."),
            place="method",
            mend=_("Have it given in writing, by a form, by a key, or in a recording."),
        )
    if said.by not in {By.PERSON, By.GUARDIAN, By.SOURCE}:
        raise BadInputError(_("Only the person consents."), place="by", mend=_("Say by whom it was given."))
    for place, there in needs.items():
        if not there(said):
            raise BadInputError(
                _("This way of consenting is proved by more than that."), place=place, mend=_("Fill it in.")
            )


def _check_presumed(said: Evidence) -> None:
    if said.method is not Method.FACTS or said.by is not By.OPERATOR or not said.words.strip():
        raise BadInputError(
            _("A presumed interest rests on facts that somebody writes down (UWG § 7(2) no 1)."),
            place="words",
            mend=_("Say what makes you presume it."),
        )
