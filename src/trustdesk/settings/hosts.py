"""The host names it answers to."""

from urllib.parse import urlsplit

_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


def allowed_hosts(address: str) -> list[str]:
    """The names of this machine, and that of the address people use, which an installation has to answer to."""
    host = urlsplit(address).hostname or ""
    named = f"[{host}]" if ":" in host else host
    return [*_THIS_MACHINE, *([named] if named and named not in _THIS_MACHINE else [])]
