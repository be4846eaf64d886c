"""Errors a person may see: each names the place and the mend, and nothing personal."""


class TrustdeskError(Exception):
    """An expected failure. `code` is stable, for programs; `message` is for people and holds no personal data."""

    code = "error"
    status = 400

    def __init__(self, message: str, *, place: str = "", mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.mend = mend


class BadInputError(TrustdeskError):
    """What was given can't be read or does not fit."""

    code = "bad-input"
    status = 422


class RefusedError(TrustdeskError):
    """It is understood and may not be done. What cannot be decided is refused too."""

    code = "refused"
    status = 403


class NotFoundError(TrustdeskError):
    """Nothing of that name is to be seen from here; it is not said whether it exists elsewhere."""

    code = "not-found"
    status = 404


class ConflictError(TrustdeskError):
    """Somebody else changed it meanwhile, or it is already so."""

    code = "conflict"
    status = 409


class ThrottledError(TrustdeskError):
    """Too many tries. `wait_seconds` says when the next one may be made; nothing says whether one of them was near."""

    code = "too-many"
    status = 429

    def __init__(self, message: str, *, place: str = "", mend: str = "", wait_seconds: int) -> None:
        super().__init__(message, place=place, mend=mend)
        self.wait_seconds = wait_seconds


class SealBrokenError(TrustdeskError):
    """A sealed value does not open: moved, altered, or its key is destroyed."""

    code = "seal-broken"
    status = 410
