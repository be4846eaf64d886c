"""What is typed about feeds. Meaning is checked below; here only shape: one form a way in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.console.declarations import read_declaration, written
from trustdesk.console.feed_words import kind_label
from trustdesk.console.import_choices import legal_bases
from trustdesk.feeds.api import FORMATS
from trustdesk.feeds.contracts import Brake, FeedView, NewFeed, Transport
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.register.contracts import NewSource, Source, SourceKind
from trustdesk.updates.contracts import ChangeKind

NEW = "new"
UNMAPPED = frozenset({"dvv"})
"""Formats that say themselves what each part is."""
_READING_TEXT = forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "mono"})
_QUESTION_TEXT = forms.Textarea(attrs={"rows": 7, "spellcheck": "false", "class": "mono"})
_READING = """as_of = "iso"

[columns]
number = "position"
what = "kind"
since = "as_of"
family_name = "person:family_name"
given_name = "person:given_name"
born = "person:birth_date"
street = "becomes:address/street"
postcode = "becomes:address/postcode"
town = "becomes:address/town"
"""
_QUESTION = """method = "GET"
path = "/changes?after={cursor}"
records = "/changes"
next_cursor = "/last"
first_cursor = "0"
"""
_SHARES = ("deaths", "one_address", "register", "future")


def _share(label: Any) -> forms.FloatField:  # noqa: ANN401 - a text that is translated later
    return forms.FloatField(label=label, min_value=0, max_value=100)


class FeedForm(forms.Form):
    """What every feed has. `plain` are the parts of the setup that have a field of their own, `lines` the fields of its
    way in as they stand beside and below each other.
    """

    transport: Transport
    plain: Sequence[str] = ()
    lines: Sequence[Sequence[str]] = ()

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    source = forms.ChoiceField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Under which every value stands that it brings: who it is, and on which basis."),
    )
    legal_basis = forms.ChoiceField(
        label=gettext_lazy("Legal basis"), required=False, help_text=gettext_lazy("Of a new source.")
    )
    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=2,
        help_text=gettext_lazy("By whose customs names, addresses and numbers are read: FI."),
    )
    format = forms.ChoiceField(label=gettext_lazy("Format"))
    reading = forms.CharField(
        label=gettext_lazy("Reading"),
        widget=_READING_TEXT,
        required=False,
        initial=_READING,
        help_text=gettext_lazy("Which column is what, for tables and JSON Lines. Formats of their own need none."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it may change"), widget=forms.CheckboxSelectMultiple, initial=list(ChangeKind)
    )
    outranked_days = forms.IntegerField(
        label=gettext_lazy("What the customer said outranks it for (days)"), min_value=0, max_value=3_650, initial=365
    )
    every_minutes = forms.IntegerField(
        label=gettext_lazy("Looked for every (minutes)"), min_value=1, max_value=1_440, initial=5
    )
    deaths = _share(gettext_lazy("Deaths among a day's records (%)"))
    one_address = _share(gettext_lazy("Moves to one address among a day's records (%)"))
    register = _share(gettext_lazy("Persons of the register in a day (%)"))
    future = _share(gettext_lazy("Records dated in the future (%)"))
    least = forms.IntegerField(
        label=gettext_lazy("It stops no fewer records than"),
        min_value=0,
        help_text=gettext_lazy("A share of few records says nothing. A limit of 100 is none."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        sources: Sequence[Source],
        country: str,
        held: FeedView | None = None,
    ) -> None:
        super().__init__(data, initial=self._shown(held, country))
        feeds = [(to_public(one.source_id), one.name) for one in sources if one.kind is SourceKind.FEED]
        self.fields["source"].choices = [*feeds, (NEW, _("a new one, by the name of the feed"))]  # type: ignore[attr-defined]
        self.fields["legal_basis"].choices = [("", _("Choose")), *legal_bases()]  # type: ignore[attr-defined]
        self.fields["format"].choices = [(code, _(one.label)) for code, one in FORMATS.items()]  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [(kind.value, kind_label(kind)) for kind in ChangeKind]  # type: ignore[attr-defined]
        if self.transport in {Transport.WEBHOOK, Transport.UPLOAD}:
            del self.fields["every_minutes"]

    @property
    def parts(self) -> list[tuple[str, list[list[BoundField]]]]:
        """The fields by what they are about, line by line."""
        told: list[tuple[str, Sequence[Sequence[str]]]] = [
            (
                _("Where it comes from"),
                [["name"], ["source", "legal_basis"], *self.lines, ["every_minutes"]],
            ),
            (_("How it is read"), [["country", "format"], ["reading"]]),
            (_("How far it is believed"), [["kinds"], ["outranked_days"]]),
            (_("When the brake stops it"), [["deaths", "one_address"], ["register", "future"], ["least"]]),
        ]
        return [
            (title, [[self[name] for name in line] for line in lines if line[0] in self.fields])
            for title, lines in told
        ]

    def _shown(self, held: FeedView | None, country: str) -> dict[str, object]:
        brake = held.brake if held else Brake()
        values: dict[str, object] = {name: f"{100 * getattr(brake, name):g}" for name in _SHARES} | {
            "least": brake.least
        }
        if held is None:
            return values | {"country": country, "source": NEW}
        values |= {name: held.setup.get(name) for name in self.plain}
        typed = {name: value for name, value in held.setup.items() if name not in self.plain}
        return values | {
            "name": held.name,
            "source": to_public(held.source_id),
            "country": held.country,
            "format": held.format,
            "reading": written(held.reading),
            "kinds": sorted(held.kinds),
            "outranked_days": held.outranked_days,
            "every_minutes": held.every_minutes,
            "declaration": written(typed),
        }

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_reading(self) -> dict[str, object]:
        return self._typed("reading")

    def clean_declaration(self) -> dict[str, object]:
        return self._typed("declaration")

    def _typed(self, name: str) -> dict[str, object]:
        try:
            return read_declaration(self.cleaned_data[name])
        except TrustdeskError as fault:
            raise forms.ValidationError(f"{fault.message} {fault.mend}") from None

    def new_source(self) -> NewSource | None:
        """The source that is to be recorded with it; None where one was chosen."""
        if self.cleaned_data["source"] != NEW:
            return None
        given = self.cleaned_data
        return NewSource(kind=SourceKind.FEED, name=given["name"], legal_basis=given["legal_basis"])

    def feed(self) -> NewFeed:
        """As it is declared."""
        given = self.cleaned_data
        setup: dict[str, object] = {name: given[name] for name in self.plain if given[name] not in ("", None)}
        return NewFeed(
            name=given["name"],
            transport=self.transport,
            setup=setup | (given.get("declaration") or {}),
            format=given["format"],
            reading={} if given["format"] in UNMAPPED else given["reading"],
            source_id=from_public(given["source"]) if given["source"] != NEW else 0,
            country=given["country"],
            kinds=frozenset(ChangeKind(kind) for kind in given["kinds"]),
            outranked_days=given["outranked_days"],
            every_minutes=given.get("every_minutes") or 5,
            brake=Brake(**{name: given[name] / 100 for name in _SHARES}, least=given["least"]),
            secret=given.get("secret") or None,
        )

    def refuse(self, fault: TrustdeskError) -> None:
        """At the field that it is about, where that is one of ours; the part of a declaration is named in words."""
        first = fault.place.split(".")[0]
        said = f"{fault.message} {fault.mend}".strip()
        if first in self.fields:
            self.add_error(first, said)
        elif fault.place in _OF_READINGS:
            self.add_error("reading", f"{fault.place}: {said}")
        elif "declaration" in self.fields and fault.place not in {"", "setup"}:
            self.add_error("declaration", f"{fault.place}: {said}")
        else:
            self.add_error(None, said)


_OF_READINGS = frozenset(
    {"columns", "kind", "kinds", "as_of", "zone", "encoding", "delimiter", "person", "target", "reading"}
)


class _Sealed(forms.Textarea):
    """A secret of several lines, as keys are: what was typed never goes back to the page."""

    def format_value(self, value: object) -> None:
        del value


class _Secret(FeedForm):
    secret = forms.CharField(
        label=gettext_lazy("Password or key"),
        max_length=20_000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Sealed as it is stored, and never shown again. Empty: the one there is stays."),
    )


class _Pattern(FeedForm):
    pattern = forms.CharField(
        label=gettext_lazy("Files"), max_length=100, initial="*", help_text=gettext_lazy("A pattern such as *.csv")
    )


class FolderForm(_Pattern):
    """A folder of this machine."""

    transport = Transport.FOLDER
    plain = ("folder", "pattern")
    lines = (("folder", "pattern"),)
    folder = forms.CharField(
        label=gettext_lazy("Folder"),
        max_length=61,
        help_text=gettext_lazy("Its name among the company's folders. What was taken is deleted there."),
    )


class SftpForm(_Pattern):
    """A folder of a file server."""

    transport = Transport.SFTP
    plain = ("host", "port", "user", "host_key", "folder", "pattern", "remove")
    lines = (("host", "port"), ("host_key",), ("user",), ("secret",), ("folder", "pattern"), ("remove",))
    secret = forms.CharField(
        label=gettext_lazy("Password or key"),
        max_length=20_000,
        required=False,
        widget=_Sealed(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off", "class": "mono"}),
        help_text=gettext_lazy(
            "Sealed as it is stored, and never shown again. A private key whole, with all its lines."
        ),
    )
    host = forms.CharField(label=gettext_lazy("Host"), max_length=254)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65_535, initial=22)
    user = forms.CharField(label=gettext_lazy("User"), max_length=200)
    host_key = forms.CharField(
        label=gettext_lazy("Fingerprint of its host key"),
        max_length=60,
        help_text=gettext_lazy("As `ssh-keygen -l` shows it on the server: SHA256:…"),
    )
    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=200, initial=".")
    remove = forms.BooleanField(label=gettext_lazy("What was taken is deleted there"), required=False)


class HttpForm(_Secret):
    """An interface that is asked page after page."""

    transport = Transport.HTTP
    plain = ("address", "sign_in", "user", "header")
    lines = (("address",), ("sign_in", "user", "header"), ("secret",), ("declaration",))
    address = forms.CharField(label=gettext_lazy("Address"), max_length=2_000)
    sign_in = forms.ChoiceField(label=gettext_lazy("It proves itself by"))
    user = forms.CharField(
        label=gettext_lazy("User"), max_length=200, required=False, help_text=gettext_lazy("With a password (Basic).")
    )
    header = forms.CharField(
        label=gettext_lazy("Header"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Its name, where it has one."),
    )
    declaration = forms.CharField(
        label=gettext_lazy("Question"),
        widget=_QUESTION_TEXT,
        initial=_QUESTION,
        help_text=gettext_lazy("What it is asked, where the changes and the next cursor stand in its answer."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **named: Any) -> None:  # noqa: ANN401 - handed on
        super().__init__(data, **named)
        self.fields["sign_in"].choices = [  # type: ignore[attr-defined]
            ("bearer", _("a token (Bearer)")),
            ("basic", _("user and password (Basic)")),
            ("header", _("a header of its own")),
            ("none", _("nothing")),
        ]


class MessagesForm(FeedForm):
    """Signed messages: their secret is made on the feed's page."""

    transport = Transport.WEBHOOK


class UploadForm(FeedForm):
    """Files that are given by hand."""

    transport = Transport.UPLOAD


FORMS: Mapping[Transport, type[FeedForm]] = {
    one.transport: one for one in (FolderForm, SftpForm, HttpForm, MessagesForm, UploadForm)
}


class FileForm(forms.Form):
    """A file for a feed. Its name is not kept: it may name a person."""

    file = forms.FileField(label=gettext_lazy("The file with the changes"))


class ReadingForm(forms.Form):
    """A reading that is tried on a delivery."""

    reading = forms.CharField(label=gettext_lazy("Reading"), widget=_READING_TEXT, required=False)

    def clean_reading(self) -> dict[str, object]:
        try:
            return read_declaration(self.cleaned_data["reading"])
        except TrustdeskError as fault:
            raise forms.ValidationError(f"{fault.message} {fault.mend}") from None


class TakeBackForm(forms.Form):
    """Why what a feed or a delivery changed is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("It stands in the log: name nobody.")
    )
    wrong = forms.BooleanField(
        label=gettext_lazy("It was not so, or of other people: open a breach case"), required=False
    )
