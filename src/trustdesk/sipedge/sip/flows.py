"""A way on which messages come and go."""

from typing import Protocol


class Flow(Protocol):
    """One UDP neighbor, or one connection. What comes in by it is answered by it (RFC 3581, RFC 3261 §18.2.2)."""

    @property
    def transport(self) -> str:
        """`udp`, `tcp` or `tls`."""

    @property
    def remote(self) -> tuple[str, int]:
        """Host and port of the other end, as the socket knows them."""

    @property
    def here(self) -> tuple[str, int]:
        """Host and port that others reach us at: what Via and Contact say."""

    @property
    def open(self) -> bool: ...

    def send(self, data: bytes) -> None:
        """UnreachableError where it can't be sent."""


def advertised_to(host: str, advertised: str) -> str:
    """The advertised address where it is one of the host's family, else nothing: it is for those behind whose router we
    are, and there is one. A name counts as IPv4, where routers translate.
    """
    return advertised if (":" in advertised) == (":" in host) else ""


def reliable(flow: Flow) -> bool:
    return flow.transport != "udp"
