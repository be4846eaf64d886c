"""What is declared of how a feed's changes come in. No secret is in it. Checked as it is stored and as it is read."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from trustdesk.feeds.contracts import Transport
from trustdesk.kernel.errors import BadInputError

CURSOR = "cursor"
"""How a question places how far it was asked."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
_HOST = re.compile(r"[A-Za-z0-9:]([A-Za-z0-9._:-]{0,252}[A-Za-z0-9])?")
_FOLDER = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$"


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError("host")
    return text


def _plain(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("text")
    return text


Plain = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
Pattern = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^/\\]+$"), AfterValidator(_plain)]


class Declared(BaseModel):
    """Frozen; what it does not know it does not take."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=2_000)

    @property
    def place(self) -> tuple[object, ...]:
        """To whom a secret is shown: where it changes, the secret is given anew."""
        return ()


class FolderSetup(Declared):
    """A folder of ours into which somebody puts files: `folder` is its name among the company's."""

    folder: Annotated[str, Field(pattern=_FOLDER)]
    pattern: Pattern = "*"


class SftpSetup(Declared):
    """A folder of an SFTP server. `host_key` is its fingerprint as `ssh-keygen -l` shows it."""

    host: Annotated[str, AfterValidator(_host)]
    port: Annotated[int, Field(ge=1, le=65_535)] = 22
    user: Plain
    host_key: str
    folder: Plain = "."
    pattern: Pattern = "*"
    remove: bool = False  # what was taken is deleted there

    @field_validator("host_key")
    @classmethod
    def _fingerprint(cls, text: str) -> str:
        if not _FINGERPRINT.fullmatch(text):
            raise ValueError("fingerprint")
        return text.rstrip("=")

    @property
    def place(self) -> tuple[object, ...]:
        return (self.host, self.port, self.user, self.host_key)


class HttpSetup(Declared):
    """An interface that is asked page after page: what came after `{cursor}`.

    `next_cursor` points to the cursor of the next question in the answer (RFC 6901), `records` to the list of changes:
    an answer without any is the last. `first_cursor` is where the first question begins: a number where the interface
    takes one in its body.
    """

    address: str
    sign_in: Literal["none", "bearer", "basic", "header"] = "bearer"
    user: Annotated[str, Field(max_length=200)] = ""
    header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,60}$")] = ""
    method: Literal["GET", "POST"] = "GET"
    path: Annotated[str, Field(pattern=r"^/[!-~]*$")]
    body: Any = None
    records: Annotated[str, Field(pattern=r"^(/[^\s]*)?$")] = ""
    next_cursor: Annotated[str, Field(pattern=r"^/[^\s]+$")]
    first_cursor: Annotated[str, Field(max_length=500)] | Annotated[int, Field(strict=True, ge=0)] = ""

    @field_validator("address")
    @classmethod
    def _address(cls, text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in {"https", "http"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("address")
        if parts.username is not None or parts.password is not None:
            raise ValueError("address")
        return text.rstrip("/")

    @model_validator(mode="after")
    def _asks_on(self) -> "HttpSetup":
        named = set(_PLACEHOLDER.findall(f"{self.path} {self.body}"))
        if named != {CURSOR}:
            raise ValueError("cursor")
        return self

    @property
    def place(self) -> tuple[object, ...]:
        return (self.address, self.sign_in, self.user, self.header)


class NoSetup(Declared):
    """Changes come by themselves: as signed messages, or by hand."""


Setup = FolderSetup | SftpSetup | HttpSetup | NoSetup
_SETUPS: Mapping[Transport, type[Declared]] = {
    Transport.FOLDER: FolderSetup,
    Transport.SFTP: SftpSetup,
    Transport.HTTP: HttpSetup,
    Transport.WEBHOOK: NoSetup,
    Transport.UPLOAD: NoSetup,
}


def read_setup(transport: Transport, given: Mapping[str, object]) -> Setup:
    """The setup, checked. BadInputError names the part that does not fit, and never what stood in it."""
    try:
        return _SETUPS[transport].model_validate(dict(given))  # type: ignore[return-value]  # one of the four
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False, include_context=True)[0]
        place = ".".join(str(part) for part in first["loc"]) or "setup"
        raise BadInputError(_("This part of the setup does not fit."), place=place, mend=_mend(first)) from None


def _mend(first: Mapping[str, Any]) -> str:
    """What to do, by what the check says; its own words stay in the code."""
    said = str(first.get("ctx", {}).get("error", first["type"]))
    return {
        "fingerprint": _("As `ssh-keygen -l` shows it: SHA256: and 43 letters."),
        "address": _("An address such as https://crm.example.com, without user, password or query."),
        "host": _("The name or address of a host, without scheme and path."),
        "cursor": _("The question has to place how far it was asked, and nothing else: {cursor}."),
        "missing": _("It is missing."),
        "extra_forbidden": _("There is no such setting."),
    }.get(said, _("See the how-to on feeds."))
