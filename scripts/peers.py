"""Make sure that the tests have their peers: find them, install them where that is allowed, or say how.

Real phones, carriers, proxies, mailboxes and file servers stand on the other side, none of them a part of the product.
Debian and Ubuntu have them under the same names; Ubuntu keeps them in `universe`.

Prints the path of each as a line on standard output.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Each program, and the package that has it.
PEERS = {
    "sipp": "sip-tester",
    "baresip": "baresip-core",
    "kamailio": "kamailio",
    "rtpengine": "rtpengine-daemon",
    "espeak-ng": "espeak-ng",
    "sox": "sox",
    "turnserver": "coturn",
    "dovecot": "dovecot-imapd",
    "mariadbd": "mariadb-server",
    "sshd": "openssh-server",
    "cc": "gcc",
}
# What they need beside their own packages: TLS of the proxy, and headers for the clock that tests set.
BESIDE = ("kamailio-tls-modules", "libc6-dev")
PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def find() -> dict[str, str | None]:
    return {name: shutil.which(name, path=PLACES) for name in PEERS}


def missing(found: dict[str, str | None]) -> list[str]:
    """The packages that are lacking."""
    return [PEERS[name] for name, path in found.items() if path is None]


def how(packages: list[str]) -> str:
    return (
        "The tests have real peers on the other side: run"
        f" `apt-get install --no-install-recommends {' '.join(packages)}` as root (on Ubuntu they are in universe)."
    )


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Its log stays in the folder for temporary files; whether it went well is seen by looking again.

    A service that a package would start is kept from starting: the tests start what they need, where they need it.
    """
    sys.stderr.write(f"peers: installing {' '.join(packages)}\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    log = Path(os.environ.get("TMPDIR", "/tmp")) / "trustdesk-peers-install.log"  # noqa: S108  (a log, nothing is read back)
    with log.open("wb") as output:
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-q", *arguments], check=False, env=environment, stdout=output, stderr=output)  # noqa: S603, S607


def main() -> None:
    found = find()
    if (lacking := missing(found)) and may_install():
        install([*lacking, *BESIDE])
        found = find()
    if lacking := missing(found):
        sys.exit(how(lacking))
    sys.stdout.writelines(f"{path}\n" for path in found.values())


if __name__ == "__main__":
    main()
