"""What is typed about connected systems. Meaning is checked below; here only shape: one form a kind."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.console.declarations import read_declaration, written
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.outside.contracts import ConnectorView, Fate, Kind, NewConnector

_LINES = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
_TEXT = forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "mono"})
_TABLE = """[[tables]]
name = "customers"
identified = { email = "email", phone = "phone", number = "customer_number", full_name = "name" }
personal = { full_name = "name", street = "", remark = "" }
fate = "delete"
"""
_INTERFACE = """records = "/items"
record_id = "/id"

[table]
name = "people"
identified = { "/email" = "email", "/name" = "name" }
personal = { "/phone" = "phone" }

[find]
method = "POST"
path = "/people/search"
body = { email = "{email}" }

[erase]
method = "DELETE"
path = "/people/{id}"
"""


class SystemForm(forms.Form):
    """What every kind has: a name and a secret. `declared` are the parts of the setup that are typed as text."""

    kind: Kind
    plain: Sequence[str] = ()
    lines: Sequence[str] = ()

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("As receipts and certificates call it.")
    )
    secret = forms.CharField(
        label=gettext_lazy("Password or key"),
        max_length=20_000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Sealed as it is stored, and never shown again. Empty: the one there is stays."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: ConnectorView | None = None) -> None:
        super().__init__(data, initial=self._shown(held) if held else None)
        self.order_fields(["name", *self.plain, *self.lines, "secret"])

    def _shown(self, held: ConnectorView) -> dict[str, object]:
        values: dict[str, object] = {"name": held.name, **{name: held.setup.get(name) for name in self.plain}}
        for name in self.lines:
            stored = held.setup.get(name)
            values[name] = "\n".join(str(one) for one in stored) if isinstance(stored, list) else ""
        if "declaration" in self.base_fields:
            typed = {*self.plain, *self.lines}
            values["declaration"] = written({name: one for name, one in held.setup.items() if name not in typed})
        return values

    def clean_declaration(self) -> dict[str, object]:
        try:
            return read_declaration(self.cleaned_data["declaration"])
        except TrustdeskError as fault:
            raise forms.ValidationError(f"{fault.message} {fault.mend}") from None

    def system(self) -> NewConnector:
        given = self.cleaned_data
        setup: dict[str, object] = {name: given[name] for name in self.plain if given[name] not in ("", None)}
        setup |= {name: [line.strip() for line in given[name].splitlines() if line.strip()] for name in self.lines}
        setup = {name: value for name, value in setup.items() if value != []}
        return NewConnector(
            name=given["name"],
            kind=self.kind,
            setup=setup | (given.get("declaration") or {}),
            secret=given["secret"] or None,
        )

    def refuse(self, fault: TrustdeskError) -> None:
        """At the field that it is about, where that is one of ours; the part of a declaration is named in words."""
        first = fault.place.split(".")[0]
        said = f"{fault.message} {fault.mend}".strip()
        if first in self.fields:
            self.add_error(first, said)
        elif "declaration" in self.fields and fault.place not in {"", "setup"}:
            self.add_error("declaration", f"{fault.place}: {said}")
        else:
            self.add_error(None, said)


class _Host(SystemForm):
    host = forms.CharField(label=gettext_lazy("Host"), max_length=254)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65_535)
    user = forms.CharField(label=gettext_lazy("User"), max_length=200)


class SqlForm(_Host):
    """A database."""

    kind = Kind.SQL
    plain = ("dialect", "host", "port", "database", "user", "tls")
    dialect = forms.ChoiceField(
        label=gettext_lazy("Which database"),
        choices=[("postgresql", "PostgreSQL"), ("mariadb", "MariaDB, MySQL")],
        help_text=gettext_lazy("MariaDB and MySQL usually have port 3306."),
    )
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65_535, initial=5432)
    database = forms.CharField(label=gettext_lazy("Database"), max_length=200)
    tls = forms.BooleanField(
        label=gettext_lazy("Encrypted, with its certificate checked"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Without it, only a system in the own house is reached."),
    )
    declaration = forms.CharField(
        label=gettext_lazy("Tables"),
        widget=_TEXT,
        initial=_TABLE,
        help_text=gettext_lazy(
            "Each table with the columns that say whose a row is, and those that hold something of the person."
        ),
    )


class CsvForm(_Host):
    """Files on an SFTP server."""

    kind = Kind.CSV
    plain = ("host", "port", "user", "host_key", "encoding", "delimiter")
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65_535, initial=22)
    host_key = forms.CharField(
        label=gettext_lazy("Fingerprint of its host key"),
        max_length=60,
        help_text=gettext_lazy("As `ssh-keygen -l` shows it on the server: SHA256:…"),
    )
    encoding = forms.CharField(label=gettext_lazy("Encoding"), max_length=40, initial="utf-8")
    delimiter = forms.CharField(label=gettext_lazy("Between fields"), max_length=1, initial=",", strip=False)
    declaration = forms.CharField(
        label=gettext_lazy("Files"),
        widget=_TEXT,
        initial=_TABLE.replace('"customers"', '"/exports/customers.csv"'),
        help_text=gettext_lazy("Each file by its path, with its columns as its first line names them."),
    )


class HttpForm(SystemForm):
    """An interface over HTTP."""

    kind = Kind.HTTP
    plain = ("address", "sign_in", "user", "header", "next_page", "first_page")
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=2_000, help_text=gettext_lazy("https://crm.example.com/api/v2")
    )
    sign_in = forms.ChoiceField(label=gettext_lazy("It proves itself by"))
    user = forms.CharField(label=gettext_lazy("User"), max_length=200, required=False)
    header = forms.CharField(label=gettext_lazy("Header"), max_length=60, required=False)
    next_page = forms.CharField(
        label=gettext_lazy("Where the next page is"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "link: in the Link header. A pointer such as /links/next: in the answer. Nothing: all is on one page, or"
            " the question places {page} or {offset}."
        ),
    )
    first_page = forms.TypedChoiceField(
        label=gettext_lazy("Pages are counted from"), choices=[("1", "1"), ("0", "0")], coerce=int, initial=1
    )
    declaration = forms.CharField(
        label=gettext_lazy("Questions"),
        widget=_TEXT,
        initial=_INTERFACE,
        help_text=gettext_lazy(
            "Values belong into the body of a POST: what stands in an address stays in the logs of the other side."
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: ConnectorView | None = None) -> None:
        super().__init__(data, held=held)
        self.fields["sign_in"].choices = [  # type: ignore[attr-defined]
            ("bearer", _("a token (Bearer)")),
            ("basic", _("user and password (Basic)")),
            ("header", _("a header of its own")),
            ("none", _("nothing")),
        ]


class ImapForm(_Host):
    """A mailbox."""

    kind = Kind.IMAP
    plain = ("host", "port", "encryption", "user", "fate")
    lines = ("folders", "own", "mentioned")
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65_535, initial=993)
    encryption = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=[("tls", "TLS"), ("starttls", "STARTTLS")])
    folders = forms.CharField(label=gettext_lazy("Folders"), widget=_LINES, initial="INBOX")
    own = forms.CharField(
        label=gettext_lazy("Own addresses and domains"),
        widget=_LINES,
        help_text=gettext_lazy("Whoever else stands in a mail stays in it: then the person is only taken out."),
    )
    mentioned = forms.CharField(
        label=gettext_lazy("Also looked for in the text"),
        widget=_LINES,
        required=False,
        help_text=gettext_lazy("customer_number or phone, one a line. E-mail addresses are looked for anyway."),
    )
    fate = forms.ChoiceField(label=gettext_lazy("Mails of the person alone"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: ConnectorView | None = None) -> None:
        super().__init__(data, held=held)
        self.fields["fate"].choices = [  # type: ignore[attr-defined]
            (str(Fate.DELETE), _("are deleted")),
            (str(Fate.CLEAR), _("stay, without the person")),
        ]


class S3Form(SystemForm):
    """A bucket."""

    kind = Kind.S3
    plain = ("address", "region", "bucket", "access_key")
    lines = ("patterns",)
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=2_000, help_text=gettext_lazy("https://s3.example.com")
    )
    region = forms.CharField(label=gettext_lazy("Region"), max_length=60, required=False)
    bucket = forms.CharField(label=gettext_lazy("Bucket"), max_length=63)
    access_key = forms.CharField(label=gettext_lazy("Access key"), max_length=200)
    patterns = forms.CharField(
        label=gettext_lazy("Whose objects are whose"),
        widget=_LINES,
        help_text=gettext_lazy("One pattern a line, as in customers/{customer_number}/*. Every version goes."),
    )


FORMS: Mapping[Kind, type[SystemForm]] = {
    Kind.SQL: SqlForm,
    Kind.HTTP: HttpForm,
    Kind.CSV: CsvForm,
    Kind.IMAP: ImapForm,
    Kind.S3: S3Form,
}


class WhoForm(forms.Form):
    """For whom a system is tried. Typed into a form, never into an address."""

    who = forms.CharField(
        label=gettext_lazy("Customer"),
        max_length=200,
        help_text=gettext_lazy("Name, e-mail address, phone or customer number."),
    )
