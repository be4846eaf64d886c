"""What is typed about the mailbox for requests. Meaning is checked below; here only shape."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from trustdesk.kernel.errors import TrustdeskError
from trustdesk.rights.contracts import Mailbox, NewMailbox, Security


class MailboxForm(forms.Form):
    """Where it is and how one signs in; the password goes in and never comes out."""

    host = forms.CharField(label=gettext_lazy("Host"), max_length=254)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65_535, initial=993)
    security = forms.ChoiceField(
        label=gettext_lazy("Encryption"),
        choices=[(str(Security.TLS), "TLS"), (str(Security.STARTTLS), "STARTTLS")],
        help_text=gettext_lazy("TLS usually has port 993, STARTTLS port 143."),
    )
    user = forms.CharField(label=gettext_lazy("User"), max_length=200)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=1_000,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Sealed as it is stored, and never shown again. Empty: the one there is stays, for the same host and user."
        ),
    )
    folder = forms.CharField(
        label=gettext_lazy("Folder"),
        max_length=200,
        initial="INBOX",
        help_text=gettext_lazy("What was taken in from it is deleted there: choose one into which only requests come."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: Mailbox | None = None) -> None:
        shown = ("host", "port", "security", "user", "folder")
        super().__init__(data, initial={name: getattr(held, name) for name in shown} if held else None)

    def mailbox(self) -> NewMailbox:
        given = self.cleaned_data
        return NewMailbox(
            host=given["host"],
            port=given["port"],
            security=Security(given["security"]),
            user=given["user"],
            password=given["password"],
            folder=given["folder"],
        )

    def refuse(self, fault: TrustdeskError) -> None:
        """At the field that it is about, where there is one."""
        self.add_error(fault.place if fault.place in self.fields else None, f"{fault.message} {fault.mend}".strip())
