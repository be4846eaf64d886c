"""What is typed about trunks, phones and the edge. Meaning is checked below; here only shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.accounts.contracts import OperatorView
from trustdesk.console.call_forms import choose
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.telephony.contracts import EdgeSettings, NewTrunk, TrunkView, TurnServer

_LINES = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
_LISTEN_PARTS, _TURN_PARTS = 3, 2


class PhoneForm(forms.Form):
    """A SIP phone for an operator."""

    user = forms.CharField(
        label=gettext_lazy("Name of the phone"), max_length=32, help_text=gettext_lazy("Typed into the phone: anna-1.")
    )
    label = forms.CharField(label=gettext_lazy("Where it stands"), max_length=100, required=False)
    operator = forms.ChoiceField(label=gettext_lazy("Who answers it"))
    sha256 = forms.BooleanField(
        label=gettext_lazy("It can prove its password by SHA-256"),
        required=False,
        help_text=gettext_lazy("Tick it only where the phone's manual says so: it is then asked for nothing weaker."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, operators: Sequence[OperatorView]) -> None:
        super().__init__(data)
        choose(self, "operator", [(to_public(one.id), one.name) for one in operators if one.state == "active"])

    def operator_id(self) -> int:
        return from_public(self.cleaned_data["operator"])


class TrunkForm(forms.Form):
    """A carrier."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    addresses = forms.CharField(
        label=gettext_lazy("Addresses it calls from"),
        required=False,
        widget=_LINES,
        help_text=gettext_lazy("One net a line, as in 192.0.2.0/28. No two trunks share one."),
    )
    user = forms.CharField(label=gettext_lazy("User"), max_length=100, required=False)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Empty: the one there is stays."),
    )
    realm = forms.CharField(label=gettext_lazy("Realm"), max_length=100, required=False)
    challenge = forms.BooleanField(label=gettext_lazy("It has to prove the password when it calls"), required=False)
    registrar = forms.CharField(
        label=gettext_lazy("We register at"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("sip:sip.example.com;transport=tls. Empty: we don't."),
    )
    target = forms.CharField(
        label=gettext_lazy("Calls out go to"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty: where we register."),
    )
    per_day = forms.IntegerField(
        label=gettext_lazy("Most calls out a day"),
        min_value=0,
        required=False,
        help_text=gettext_lazy("Of all companies together."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: TrunkView | None = None) -> None:
        names = ("name", "user", "realm", "challenge", "registrar", "target", "per_day")
        initial = {name: getattr(held, name) for name in names} if held else {}
        super().__init__(data, initial=initial | ({"addresses": "\n".join(held.addresses)} if held else {}))

    def trunk(self) -> NewTrunk:
        given = self.cleaned_data
        plain = ("name", "user", "realm", "challenge", "registrar", "target", "per_day")
        return NewTrunk(
            **{name: given[name] for name in plain},
            addresses=given["addresses"].split(),
            password=given["password"] or None,
        )


class EdgeForm(forms.Form):
    """How the exchange stands in the network."""

    listen = forms.CharField(
        label=gettext_lazy("Listens at"),
        widget=_LINES,
        help_text=gettext_lazy("One a line: udp 0.0.0.0 5060, or tls 0.0.0.0 5061."),
    )
    advertised = forms.CharField(
        label=gettext_lazy("Address others reach it at"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Behind NAT: the public address. Empty: that of the socket."),
    )
    realm = forms.CharField(
        label=gettext_lazy("Realm"),
        max_length=64,
        help_text=gettext_lazy("The passwords of the phones are bound to it."),
    )
    rtp_first = forms.IntegerField(label=gettext_lazy("First port for sound"))
    rtp_last = forms.IntegerField(
        label=gettext_lazy("Last port for sound"), help_text=gettext_lazy("UDP; open in the firewall.")
    )
    certificate = forms.CharField(
        label=gettext_lazy("Certificate"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("The path of a PEM chain."),
    )
    certificate_key = forms.CharField(label=gettext_lazy("Its key"), max_length=300, required=False)
    client_authority = forms.CharField(
        label=gettext_lazy("Authority of clients"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Who connects by tls must show a certificate of it. Empty: nobody has to."),
    )
    stun = forms.CharField(
        label=gettext_lazy("STUN servers"),
        required=False,
        widget=_LINES,
        help_text=gettext_lazy("One a line: stun:stun.example.com:3478."),
    )
    turn = forms.CharField(
        label=gettext_lazy("TURN relays for browsers outside"),
        required=False,
        widget=_LINES,
        help_text=gettext_lazy(
            "One a line: address, user, password. The user * says that the password is the relay's shared secret."
            " Without a password the one there is stays."
        ),
    )
    session_seconds = forms.IntegerField(label=gettext_lazy("Seconds of a session"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: EdgeSettings) -> None:
        plain = (
            "advertised",
            "realm",
            "rtp_first",
            "rtp_last",
            "certificate",
            "certificate_key",
            "client_authority",
            "session_seconds",
        )
        super().__init__(
            data,
            initial={name: getattr(held, name) for name in plain}
            | {
                "listen": "\n".join(f"{transport} {host} {port}" for transport, host, port in held.listen),
                "stun": "\n".join(held.stun),
                "turn": "\n".join(f"{server.address} {server.user}" for server in held.turn),
            },
        )

    def clean_listen(self) -> tuple[tuple[str, str, int], ...]:
        return tuple(_listen(line) for line in self.cleaned_data["listen"].splitlines() if line.strip())

    def clean_turn(self) -> tuple[TurnServer, ...]:
        return tuple(_turn(line) for line in self.cleaned_data["turn"].splitlines() if line.strip())

    def clean_stun(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["stun"].split())

    def edge(self) -> EdgeSettings:
        return EdgeSettings(**self.cleaned_data)

    @staticmethod
    def place_of(place: str) -> str:
        """The field that a fault of the settings speaks of."""
        return place.partition(".")[0]


def _listen(line: str) -> tuple[str, str, int]:
    parts = line.split()
    if len(parts) != _LISTEN_PARTS or not parts[2].isdecimal():
        raise forms.ValidationError(_("Write transport, address and port: udp 0.0.0.0 5060."))
    return parts[0].lower(), parts[1], int(parts[2][:6])


def _turn(line: str) -> TurnServer:
    parts = line.split()
    if not _TURN_PARTS <= len(parts) <= _TURN_PARTS + 1:
        raise forms.ValidationError(_("Write address, user and password: turn:turn.example.com:3478 desk secret."))
    return TurnServer(address=parts[0], user=parts[1], password=parts[2] if len(parts) > _TURN_PARTS else None)
