"""Where the web process listens, and what may not be: in clear beyond this machine, or the demo beyond it at all."""

import errno
import http.client
import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError

_BEHIND_PROXY = 8000  # the address's own port is the proxy's
_SET_HTTPS = "Set address to https://… and certificate and certificate_key, or proxy, in settings.toml."


@dataclass(frozen=True, slots=True)
class Listening:
    """Host and port to bind, the address people use, and how it is protected."""

    host: str
    port: int
    address: str
    certificate: str
    certificate_key: str
    proxy: str
    demo: bool

    def environment(self) -> Mapping[str, str]:
        """For the child processes."""
        return {
            "TRUSTDESK_LISTEN_HOST": self.host,
            "TRUSTDESK_LISTEN_PORT": str(self.port),
            "TRUSTDESK_ADDRESS": self.address,
            "TRUSTDESK_CERTIFICATE": self.certificate,
            "TRUSTDESK_CERTIFICATE_KEY": self.certificate_key,
            "TRUSTDESK_PROXY": self.proxy,
        }

    def check(self) -> None:
        """Raise RefusedError or BadInputError where this may not be listened on, or could serve nobody."""
        check_address(self.address)
        _check_proxy(self.proxy)
        here = is_loopback(self.host) and is_loopback(urlsplit(self.address).hostname or "")
        if self.demo and (self.proxy or not here):
            raise RefusedError(
                "The demo has sign-ins that everybody knows: it answers on this machine only.",
                place=f"--host {self.host}" if not is_loopback(self.host) else self.address,
                mend="Leave --host out, or make an installation with `trustdesk init`.",
            )
        self._check_secure(here=here)

    def _check_secure(self, *, here: bool) -> None:
        secure = self.address.startswith("https:")
        if not here and not secure:
            raise RefusedError("Beyond this machine it answers under HTTPS only.", place=self.address, mend=_SET_HTTPS)
        if secure and not self.certificate and not self.proxy:
            raise BadInputError(
                "The address is under HTTPS, and nothing here serves that.", place=self.address, mend=_SET_HTTPS
            )
        if self.certificate and not secure:
            raise BadInputError(
                "There is a certificate, and the address is not under HTTPS.", place=self.address, mend=_SET_HTTPS
            )
        for path in (self.certificate, self.certificate_key) if self.certificate else ():
            if not Path(path).is_file():
                raise BadInputError("The certificate can't be read.", place=path, mend="Correct settings.toml.")

    def check_free(self) -> None:
        """Raise what would keep the web process from listening there: it could only try again and again."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        place = f"{self.host}:{self.port}"
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((self.host.strip("[]"), self.port))
            except PermissionError:
                raise RefusedError(
                    "Ports below 1024 are not open to this account.",
                    place=place,
                    mend="Set listen_port to a higher one and put a proxy in front, or allow it to the account.",
                ) from None
            except OSError as fault:
                if fault.errno == errno.EADDRINUSE:
                    raise ConflictError(
                        "Another program listens there.", place=place, mend="Stop it, or name another --port."
                    ) from None
                raise BadInputError(
                    "This machine does not have the address.", place=place, mend="Correct listen_host or --host."
                ) from None

    def answers(self) -> bool:
        """True when the web process gives any answer at all."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "localhost"} else "::1" if self.host == "::" else self.host  # noqa: S104 - compared, not bound
        connection: http.client.HTTPConnection
        if self.certificate:
            context = ssl.create_default_context()
            context.check_hostname = False  # our own process, asked over loopback whether it is up
            context.verify_mode = ssl.CERT_NONE
            connection = http.client.HTTPSConnection(host, self.port, timeout=5, context=context)
        else:
            connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": urlsplit(self.address).netloc})
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def check_address(address: str) -> None:
    """Raise BadInputError unless the address is one that a browser can be given: scheme, host, perhaps a port."""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.path.strip("/") or parts.query or parts.username:
        raise BadInputError(
            "The address is not one that a browser can open.",
            place="address",
            mend="Write https://desk.example.org, with a port where it is not the usual one.",
        )


def _check_proxy(proxy: str) -> None:
    """Raise BadInputError unless every part is an address or a network of some: whoever is named is believed."""
    for part in proxy.split(",") if proxy else ():
        try:
            network = ip_network(part.strip())
        except ValueError:
            network = None
        if network is None or network.prefixlen == 0:
            raise BadInputError(
                "The proxy is not named by its address.",
                place=f"proxy = {part.strip()}",
                mend="Write its IP address, several with commas between; never everybody's.",
            )


def is_loopback(host: str) -> bool:
    """True for this machine's own addresses; a name counts only if it is localhost, which nobody else can answer."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def choose(*, host: str | None, port: int | None, demo: bool) -> Listening:
    """From the command line, else from the settings. The settings' address is what people use."""
    from trustdesk.server.home import current_home  # noqa: PLC0415 - read when called
    from trustdesk.settings.choices import Choices  # noqa: PLC0415

    choices = Choices.read(current_home().path / "settings.toml")
    address = urlsplit(choices.text("address", "http://127.0.0.1:8000"))
    chosen_host = host or choices.text("listen_host", "127.0.0.1")
    proxy = choices.text("proxy", "")
    usual = _BEHIND_PROXY if proxy else address.port or (443 if address.scheme == "https" else 80)
    chosen_port = port or choices.number("listen_port", 0) or usual
    shown = address.geturl()
    if (host or port) and is_loopback(chosen_host) and not proxy:
        shown = f"{address.scheme}://{f'[{chosen_host}]' if ':' in chosen_host else chosen_host}:{chosen_port}"
    return Listening(
        host=chosen_host,
        port=chosen_port,
        address=shown,
        certificate=choices.text("certificate", ""),
        certificate_key=choices.text("certificate_key", ""),
        proxy=proxy,
        demo=demo or choices.flag("demo"),
    )


def set_environment(listening: Listening) -> None:
    """Make this process read the same address as its children."""
    os.environ.update(listening.environment())
