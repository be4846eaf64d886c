"""Where the web process listens, and what may not be: in clear beyond this machine, or the demo beyond it at all."""

import http.client
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from trustdesk.kernel.errors import BadInputError, RefusedError


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
        """Raise RefusedError or BadInputError where this may not be listened on."""
        if is_loopback(self.host):
            return
        if self.demo:
            raise RefusedError(
                "The demo has sign-ins that everybody knows: it answers on this machine only.",
                place=f"--host {self.host}",
                mend="Leave --host out, or make an installation with `trustdesk init`.",
            )
        if self.proxy:
            return
        if not self.certificate:
            raise RefusedError(
                "Beyond this machine it answers under HTTPS only.",
                place=f"--host {self.host}",
                mend="Set certificate and certificate_key, or the address of a proxy, in settings.toml.",
            )
        for path in (self.certificate, self.certificate_key):
            if not Path(path).is_file():
                raise BadInputError("The certificate can't be read.", place=path, mend="Correct settings.toml.")

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
    chosen_port = port or choices.number("listen_port", 0) or address.port or (443 if address.scheme == "https" else 80)
    shown = address.geturl()
    if (host or port) and is_loopback(chosen_host):
        shown = f"{address.scheme}://{f'[{chosen_host}]' if ':' in chosen_host else chosen_host}:{chosen_port}"
    return Listening(
        host=chosen_host,
        port=chosen_port,
        address=shown,
        certificate=choices.text("certificate", ""),
        certificate_key=choices.text("certificate_key", ""),
        proxy=choices.text("proxy", ""),
        demo=demo or choices.flag("demo"),
    )


def set_environment(listening: Listening) -> None:
    """Make this process read the same address as its children."""
    os.environ.update(listening.environment())
