"""What is declared of another system: where it is, and which of its places hold persons by what. No secret is in it.

Each setup knows its `places` (how receipts name them), its `keys` (by what it finds a person, and so all that it may be
told of one) and its `attributes` (what it can put right). Checked as it is stored and as it is read.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from trustdesk.kernel.errors import BadInputError
from trustdesk.outside.contracts import NAME, Fate, Kind, Verb

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
"""How a template names a key."""
PAGE, OFFSET, BY_LINK = "page", "offset", "link"
PAGES = frozenset({PAGE, OFFSET})
"""What a question may place beside keys: the number of the page, or of the records that came before it."""
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
_HOST = re.compile(r"[A-Za-z0-9:]([A-Za-z0-9._:-]{0,252}[A-Za-z0-9])?")


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError("host")
    return text


def _plain(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("text")
    return text


Host = Annotated[str, AfterValidator(_host)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Plain = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Declared(BaseModel):
    """Frozen; what it does not know it does not take."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=2_000)


class Table(Declared):
    """A table of rows about persons, in a database, a file or an answer.

    `identified` maps columns to the keys they hold. `personal` maps columns to the attribute of the register that they
    hold, or to nothing: these are handed out, put right and cleared. `others` are columns that may name somebody else
    in the same row: then it is cleared, even where rows are deleted.
    """

    name: Plain
    identified: Annotated[Mapping[Plain, Code], Field(min_length=1)]
    personal: Mapping[Plain, Code | Literal[""]] = {}
    others: tuple[Plain, ...] = ()
    fate: Fate = Fate.DELETE
    replacement: Annotated[str, Field(max_length=100)] = ""  # empty: nothing at all (NULL where there is such a thing)

    @model_validator(mode="after")
    def _sound(self) -> "Table":
        if all(key == NAME for key in self.identified.values()):
            raise ValueError("only-names")
        if (self.fate is Fate.CLEAR or self.others) and not self.personal:
            raise ValueError("nothing-to-clear")
        return self

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.identified.values())

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column named, each once, in the order of the declaration."""
        return tuple(dict.fromkeys([*self.identified, *self.personal, *self.others]))

    @property
    def cleared(self) -> tuple[str, ...]:
        """What is emptied where a row is cleared: all of the person, by what it was found too, save names of others."""
        return tuple(name for name in dict.fromkeys([*self.personal, *self.identified]) if name not in self.others)

    @property
    def holding(self) -> Mapping[str, str]:
        """Columns and the key or attribute they hold: what identifies is a value too."""
        return {**self.identified, **{column: code for column, code in self.personal.items() if code}}

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset(attribute for attribute in self.personal.values() if attribute)


class _Tables(Declared):
    tables: Annotated[tuple[Table, ...], Field(min_length=1, max_length=200)]

    @property
    def places(self) -> Mapping[str, Fate]:
        return {table.name: table.fate for table in self.tables}

    @property
    def keys(self) -> frozenset[str]:
        return frozenset[str]().union(*(table.keys for table in self.tables))

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset[str]().union(*(table.attributes for table in self.tables))


class SqlSetup(_Tables):
    """A database. A table is named with its schema where it is not the first of the search path."""

    dialect: Literal["postgresql", "mariadb"] = "postgresql"  # MySQL speaks as MariaDB does
    host: Host
    port: Port = 5432
    database: Plain
    user: Plain
    tls: bool = True  # with its certificate checked against the name


class CsvSetup(_Tables):
    """Files on an SFTP server; a table's name is the file's path. The first line names the columns.

    `host_key` is the server's fingerprint as `ssh-keygen -l` shows it: a password is given to nobody else.
    """

    host: Host
    port: Port = 22
    user: Plain
    host_key: str
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'

    @field_validator("host_key")
    @classmethod
    def _fingerprint(cls, text: str) -> str:
        if not _FINGERPRINT.fullmatch(text):
            raise ValueError("fingerprint")
        return text.rstrip("=")

    @field_validator("encoding")
    @classmethod
    def _known(cls, text: str) -> str:
        try:
            return codecs.lookup(text).name
        except LookupError:
            raise ValueError("encoding") from None


class Call(Declared):
    """One question of an HTTP interface. Values are placed percent-encoded into path and query, and into the texts of
    the body as they are; what belongs to no key is written as it stands.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: Annotated[str, Field(pattern=r"^/[!-~]*$")]
    body: Any = None

    @property
    def named(self) -> frozenset[str]:
        """The keys it places; `id` is that of a record found."""
        return frozenset(PLACEHOLDER.findall(self.path)) | frozenset(_in_texts(self.body))


class HttpSetup(Declared):
    """An interface that speaks JSON over HTTP. `find` is asked once a value; `records` and `record_id` point into its
    answer (RFC 6901). The other questions are asked once a record and place its `{id}`; `rectify` places what is put
    right by the register's attributes, and leaves out the parts of its body whose attribute is as it was.

    An answer in pages is read to its end: where `next_page` says where the next one is, or where `find` places `{page}`
    or `{offset}`, until one comes without records.
    """

    address: str
    sign_in: Literal["none", "bearer", "basic", "header"] = "bearer"
    user: Annotated[str, Field(max_length=200)] = ""  # for basic
    header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,60}$")] = ""  # for header
    records: Annotated[str, Field(pattern=r"^(/[^\s]*)?$")] = ""
    record_id: Annotated[str, Field(pattern=r"^/[^\s]+$")] = "/id"
    next_page: Annotated[str, Field(pattern=r"^(link|/[^\s]+)?$")] = ""  # the Link header, or a pointer into the answer
    first_page: Annotated[int, Field(ge=0, le=1)] = 1  # where {page} begins to count
    table: Table  # columns are pointers into a record: "/contact/email"
    find: Call
    export: Call | None = None
    rectify: Call | None = None
    erase: Call

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
    def _sound(self) -> "HttpSetup":
        named, pages = self.find.named - PAGES, self.find.named & PAGES
        if not named & self.table.keys - {NAME} or named - self.table.keys:
            raise ValueError("find-names-no-key")
        if len(pages) + bool(self.next_page) > 1:
            raise ValueError("pages")
        for call in (self.erase, self.export, self.rectify):
            if call is not None and "id" not in call.named:
                raise ValueError("no-id")
        if any(not column.startswith("/") for column in self.table.columns):
            raise ValueError("pointer")
        return self

    @property
    def places(self) -> Mapping[str, Fate]:
        return {self.table.name: self.table.fate}

    @property
    def keys(self) -> frozenset[str]:
        return self.table.keys

    @property
    def attributes(self) -> frozenset[str]:
        return self.table.attributes if self.rectify is not None else frozenset()


class ImapSetup(Declared):
    """A mailbox. Mails from and to the person are found by e-mail address, those that only speak of them by the
    identifiers in `mentioned`. A mail that somebody else stands in beside the person and the company (`own`) is never
    deleted: the person is taken out of it.
    """

    host: Host
    port: Port = 993
    encryption: Literal["tls", "starttls"] = "tls"
    user: Plain
    folders: Annotated[tuple[Plain, ...], Field(min_length=1, max_length=100)] = ("INBOX",)
    mentioned: tuple[Code, ...] = ()
    own: Annotated[tuple[Plain, ...], Field(min_length=1, max_length=50)]  # "example.com", "desk@example.org"
    fate: Fate = Fate.DELETE

    @property
    def places(self) -> Mapping[str, Fate]:
        return dict.fromkeys(self.folders, self.fate)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset({"email", *self.mentioned})

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset()


class S3Setup(Declared):
    """A bucket. An object is the person's where its key is one of the patterns, filled in: `customers/{customer}/*`;
    `*` stands for anything.
    """

    address: str
    region: Annotated[str, Field(max_length=60)] = ""
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    access_key: Plain
    patterns: Annotated[tuple[Plain, ...], Field(min_length=1, max_length=50)]

    @field_validator("address")
    @classmethod
    def _address(cls, text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in {"https", "http"} or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("address")
        return text.rstrip("/")

    @field_validator("patterns")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            if not PLACEHOLDER.search(pattern) or f"{{{NAME}}}" in pattern:
                raise ValueError("pattern-names-no-key")
        return patterns

    @property
    def places(self) -> Mapping[str, Fate]:
        return dict.fromkeys(self.patterns, Fate.DELETE)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for pattern in self.patterns for key in PLACEHOLDER.findall(pattern))

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset()


Setup = SqlSetup | HttpSetup | CsvSetup | ImapSetup | S3Setup
SETUPS: Mapping[Kind, type[Declared]] = {
    Kind.SQL: SqlSetup,
    Kind.HTTP: HttpSetup,
    Kind.CSV: CsvSetup,
    Kind.IMAP: ImapSetup,
    Kind.S3: S3Setup,
}


def read_setup(kind: Kind, given: Mapping[str, object]) -> Setup:
    """The setup, checked. BadInputError names the part that does not fit, and never what stood in it."""
    try:
        return SETUPS[kind].model_validate(dict(given))  # type: ignore[return-value]  # one of the five
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False, include_context=True)[0]
        place = ".".join(str(part) for part in first["loc"]) or "setup"
        raise BadInputError(_("This part of the setup does not fit."), place=place, mend=_mend(first)) from None


def verbs_of(setup: Setup) -> frozenset[Verb]:
    """What can be done there: nothing is corrected in mails and objects, nor where no question for it is declared."""
    every = frozenset(Verb)
    return every if setup.attributes else every - {Verb.RECTIFY}


def _in_texts(body: object) -> Iterator[str]:
    if isinstance(body, str):
        yield from PLACEHOLDER.findall(body)
    elif isinstance(body, Mapping):
        for value in body.values():
            yield from _in_texts(value)
    elif isinstance(body, list | tuple):
        for value in body:
            yield from _in_texts(value)


def _mend(first: Mapping[str, Any]) -> str:
    """What to do, by what the check says; its own words stay in the code."""
    said = str(first.get("ctx", {}).get("error", first["type"]))
    return {
        "only-names": _("A name alone identifies nobody: name a column with an address or a number too."),
        "nothing-to-clear": _("Name the columns that are cleared."),
        "find-names-no-key": _("The question has to place a key of the table, and no other: {email}."),
        "pattern-names-no-key": _("A pattern has to name whose objects they are: {customer}."),
        "pages": _("Pages follow each other in one way: by next_page, {page} or {offset}."),
        "no-id": _("The question has to place the record's id: {id}."),
        "pointer": _("Fields are named by pointers: /contact/email."),
        "fingerprint": _("As `ssh-keygen -l` shows it: SHA256: and 43 letters."),
        "encoding": _("Name an encoding such as utf-8 or iso-8859-2."),
        "address": _("An address such as https://crm.example.com, without user, password or query."),
        "host": _("The name or address of a host, without scheme and path."),
        "missing": _("It is missing."),
        "extra_forbidden": _("There is no such setting."),
    }.get(said, _("See the how-to on connected systems."))
