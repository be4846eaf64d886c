"""What can be wrong with a message, and with the way to whoever it is for. No text of a message stands in an error."""


class BadMessageError(ValueError):
    """It can't be read. `status` is what a known sender is answered; a stranger hears nothing."""

    def __init__(self, what: str, *, status: int = 400) -> None:
        super().__init__(what)
        self.what = what
        self.status = status


class UnreachableError(OSError):
    """There is no way there: no such host, no listener of that transport, no connection, a port that is none."""
