#!/usr/bin/env python3
"""Prepare a fresh machine: find or fetch `uv`, then install what the committed lock names into `.venv`.

Standard library only, because a fresh Debian or Ubuntu has Python without pip. `uv` comes as a wheel from the
package index the machine is set up for, and is used only if its SHA-256 is the one written here.
"""

import hashlib
import html.parser
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 8)
UV_VERSION = "0.13.9"
WHEELS = {
    "x86_64": (
        "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "aarch64": (
        "uv-0.13.9-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
}
JSON_INDEX = "application/vnd.pypi.simple.v1+json"
PUBLIC_INDEX = "https://pypi.org/simple"


def say(text: str) -> None:
    sys.stdout.write(f"bootstrap: {text}\n")
    sys.stdout.flush()


def stop(text: str) -> NoReturn:
    sys.exit(f"bootstrap: {text}")


class Links(html.parser.HTMLParser):
    """The addresses on a package index page that answers in HTML only (PEP 503)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def indexes() -> list[str]:
    """The package indexes this machine is set up for, the public one last."""
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    return list(dict.fromkeys([os.environ[name] for name in names if os.environ.get(name)] + [PUBLIC_INDEX]))


def get(address: str) -> tuple[bytes, str]:
    """The bytes behind an address and their content type; tried three times, as networks stumble."""
    authorities = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None)
    request = urllib.request.Request(address, headers={"Accept": f"{JSON_INDEX}, text/html;q=0.5"})  # noqa: S310  (the address comes from the machine's own settings)
    for pause in (1, 3, 0):
        try:
            with urllib.request.urlopen(request, timeout=120, context=authorities) as answer:  # noqa: S310
                return answer.read(), answer.headers.get("Content-Type", "")
        except (urllib.error.URLError, TimeoutError):
            if not pause:
                raise
            time.sleep(pause)
    raise AssertionError


def wheel_address(index: str, filename: str) -> str | None:
    """Where the index keeps the file, or None."""
    page = index.rstrip("/") + "/uv/"
    body, kind = get(page)
    if "json" in kind:
        addresses: list[str] = [entry["url"] for entry in json.loads(body)["files"]]
    else:
        links = Links()
        links.feed(body.decode())
        addresses = links.found
    for address in addresses:
        if urllib.parse.unquote(address.split("#")[0]).rsplit("/", 1)[-1] == filename:
            return urllib.parse.urljoin(page, address.split("#")[0])
    return None


def download(filename: str, digest: str) -> bytes:
    """The wheel, proven by its digest, from the first index that has it."""
    reasons = []
    for index in indexes():
        shown = urllib.parse.urlsplit(index).hostname or index
        try:
            address = wheel_address(index, filename)
            if address is None:
                reasons.append(f"{shown} does not have it")
                continue
            body, _ = get(address)
        except (OSError, ValueError) as error:
            reasons.append(f"{shown}: {error}")
            continue
        if hashlib.sha256(body).hexdigest() != digest:
            stop(f"{filename} from {shown} is not the file this project pins; nothing was installed")
        return body
    stop(f"could not fetch {filename} ({'; '.join(reasons)}); set PIP_INDEX_URL or install uv by hand")


def works(uv: Path) -> bool:
    try:
        shown = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return False
    match = re.match(r"uv (\d+)\.(\d+)", shown)
    return match is not None and (int(match[1]), int(match[2])) >= OLDEST_UV


def find_uv() -> Path:
    """The uv to use: the machine's own, the one fetched before, or one fetched now."""
    own = shutil.which("uv")
    if own and works(Path(own)):
        say(f"using {own}")
        return Path(own)
    fetched = TOOLS / f"uv-{UV_VERSION}"
    if works(fetched):
        return fetched
    machine = platform.machine()
    if machine not in WHEELS:
        stop(f"no uv is pinned for {machine}; install uv {UV_VERSION} by hand")
    filename, digest = WHEELS[machine]
    say(f"fetching uv {UV_VERSION}")
    TOOLS.mkdir(exist_ok=True)
    wheel = TOOLS / filename
    wheel.write_bytes(download(filename, digest))
    with zipfile.ZipFile(wheel) as packed:
        member = next(name for name in packed.namelist() if name.endswith(".data/scripts/uv"))
        unfinished = fetched.with_suffix(".part")
        unfinished.write_bytes(packed.read(member))
    unfinished.chmod(0o755)
    unfinished.replace(fetched)
    wheel.unlink()
    if not works(fetched):
        stop(f"the fetched uv does not run here; install uv {UV_VERSION} by hand")
    return fetched


def main() -> None:
    if sys.version_info < OLDEST_PYTHON:
        stop(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed, this is {platform.python_version()}")
    uv = find_uv()
    say("installing the locked packages into .venv")
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(ROOT / ".venv")}
    environment.setdefault("UV_SYSTEM_CERTS", "1")  # companies add their own authority to the system's
    environment.pop("VIRTUAL_ENV", None)
    command: list[str] = [str(uv), "sync", "--frozen", "--quiet", "--python", sys.executable, *sys.argv[1:]]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603
    if done.returncode:
        stop("the packages could not be installed; the lines above say why")
    say("ready")


if __name__ == "__main__":
    main()
