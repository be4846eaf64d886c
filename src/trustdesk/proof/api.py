"""What others may ask of proof: that an erasure left nothing behind, and the certificate that says so.

The steps of an erasure do the work (`steps.py`); here is what people see and decide. Functions take the access context
first and work under its signed scope; `now` is an aware instant. Errors are those of `kernel.errors`. Law: GDPR Art.
5(2), 12(1), 17, 19.
"""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.proof import printing as _printing
from trustdesk.proof import selectors as _selectors
from trustdesk.proof.contracts import CertificateView, HandOut, HitView, Report, SearchView
from trustdesk.proof.services import deciding as _deciding
from trustdesk.proof.services import handing as _handing
from trustdesk.proof.verifier import verify as _verify

__all__ = [
    "certificate",
    "certificate_by_link",
    "certificates",
    "clear",
    "hand_out",
    "hits",
    "justify",
    "printed",
    "search",
    "searches",
    "verify",
]


def search(context: AccessContext, plan_id: int) -> SearchView:
    """How far the proof of an erasure is: what was read, how much, and what was found. Needs `erasure:run`.

    NotFoundError where the plan has none (yet).
    """
    return _selectors.search(context, plan_id)


def searches(context: AccessContext, *, limit: int = 100) -> Sequence[SearchView]:
    """The proofs of all erasures, newest first. Needs `erasure:run`."""
    return _selectors.searches(context, limit=limit)


def hits(context: AccessContext, plan_id: int) -> Sequence[HitView]:
    """What was found, with its place and context, in one opening; after the certificate without them, for good. At most
    200. Needs `erasure:run`.
    """
    return _selectors.hits(context, plan_id)


def clear(context: AccessContext, *, hit_id: int, now: datetime) -> None:
    """What was found was removed: it is looked for once more. Needs `erasure:run`.

    ConflictError where it still stands there or somebody has decided already; NotFoundError where there is none.
    """
    _deciding.clear(context, hit_id=hit_id, now=now)


def justify(context: AccessContext, *, hit_id: int, reason: str, law: str, now: datetime) -> None:
    """What was found may stay: why, and which law says so (GDPR Art. 17(3)). The law stands in the certificate. Needs
    `erasure:run`.

    BadInputError where one is missing, too long (200 letters) or names the person; ConflictError where it is decided.
    """
    _deciding.justify(context, hit_id=hit_id, reason=reason, law=law, now=now)


def certificate(context: AccessContext, plan_id: int) -> CertificateView:
    """The certificate of an erasure, with the log's proof as soon as a checkpoint covers it. Needs `log:read`.

    NotFoundError while none is issued.
    """
    return _selectors.certificate(context, plan_id)


def certificates(context: AccessContext, *, limit: int = 100) -> Sequence[CertificateView]:
    """All certificates, newest first, without the log's proofs. Needs `log:read`."""
    return _selectors.certificates(context, limit=limit)


def certificate_by_link(controller_id: int, *, token: str, now: datetime) -> CertificateView | None:
    """The certificate behind the link that the person was handed, without sign-in: nobody knows them any more.

    None while it is not issued; NotFoundError, always the same, where the link leads to nothing.
    """
    return _handing.by_link(controller_id, token=token, now=now)


def hand_out(context: AccessContext, *, customer_id: int, now: datetime) -> HandOut:
    """A code and a link for the person who is about to be erased: by the code they, and nobody else, know their
    certificate again (Argon2id over their own data). Made at this moment and kept by nobody. Needs `customer:open`.

    NotFoundError where nothing of this customer is being erased, ConflictError where it was handed out already.
    """
    return _handing.hand_out(context, customer_id=customer_id, now=now)


def printed(view: CertificateView, *, language: str, words: _printing.Words) -> bytes:
    """The certificate for people to read and file, as PDF in this language. Only the file itself can be verified.
    `words` names what a capability deleted, from its code and that of the thing.
    """
    return _printing.printed(view, language=language, words=words)


def verify(raw: bytes, *, key: str = "", mine: str = "", code: str = "") -> Report:
    """What the offline verifier says of a certificate: whatever is given, it answers. See `proof.verifier`."""
    return _verify(raw, key=key, mine=mine, code=code)
