"""What exactly a person asks for, as a form: the same questions at the desk, in the console and in the portal."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.clearance.contracts import Purpose
from trustdesk.decision.contracts import Channel, LegalBasis, PurposeKind
from trustdesk.design.contacting import channel_label, purpose_name
from trustdesk.design.readable import readable, value_name
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.register.contracts import CardValue, RestrictionGround
from trustdesk.rights.contracts import Kind, Wish

_OBJECTED_TO = frozenset({LegalBasis.PUBLIC_TASK, LegalBasis.LEGITIMATE_INTEREST})
_WAYS = (Channel.EMAIL, Channel.CALL_HUMAN, Channel.SMS, Channel.POST, Channel.SOCIAL_DM)


class WishForm(forms.Form):
    """Only the questions that the right needs; a copy, say, needs none.

    `values`: what can be corrected; `grounds`: of Art. 18(1), in the words of whoever reads the form.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: Kind,
        purposes: Sequence[Purpose] = (),
        values: Sequence[CardValue] = (),
        grounds: Sequence[tuple[str, str]] = (),
        wish: Wish | None = None,
    ) -> None:
        super().__init__(data, auto_id="wish-%s", initial=_initial(wish))
        if kind is Kind.RECTIFICATION and values:
            self._ask_for_correction(values)
        elif kind is Kind.RESTRICTION:
            self.fields["ground"] = forms.TypedChoiceField(
                label=_("Why it is to be kept and not used"),
                choices=grounds,
                coerce=RestrictionGround,
                widget=forms.RadioSelect,
            )
        elif kind in {Kind.OBJECTION, Kind.WITHDRAWAL}:
            self._ask_for_purpose(kind, purposes)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("value") and not given.get("text"):
            self.add_error("text", _("Write the right value."))
        if given.get("text") and not given.get("value"):
            self.add_error("value", _("Choose the value that is wrong."))
        return given

    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(
            corrections=((from_public(given["value"]), given["text"]),) if given.get("value") else (),
            ground=given.get("ground"),
            purpose=given.get("purpose", ""),
            way=given.get("way"),
        )

    def _ask_for_correction(self, values: Sequence[CardValue]) -> None:
        listed = [(to_public(each.value_id), f"{value_name(each)}: {readable(each)}") for each in values if each.text]
        self.fields["value"] = forms.ChoiceField(
            label=_("What is wrong"), choices=[("", _("something else: see the words")), *listed], required=False
        )
        self.fields["text"] = forms.CharField(
            label=_("The right value"),
            max_length=2000,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def _ask_for_purpose(self, kind: Kind, purposes: Sequence[Purpose]) -> None:
        fitting = [(each.code, purpose_name(each)) for each in purposes if _fits(kind, each)]
        objects = kind is Kind.OBJECTION
        self.fields["purpose"] = forms.ChoiceField(
            label=_("To what") if objects else _("Which consent"),
            choices=[("", _("All advertising")), *fitting] if objects else fitting,
            required=not objects,
        )
        self.fields["way"] = forms.TypedChoiceField(
            label=_("By which way"),
            choices=[("", _("Every way")), *((each.value, channel_label(each)) for each in _WAYS)],
            coerce=Channel,
            empty_value=None,
            required=False,
        )


class WordsForm(forms.Form):
    """The request in the person's own words."""

    words = forms.CharField(
        label=gettext_lazy("In the person's own words"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _fits(kind: Kind, purpose: Purpose) -> bool:
    if purpose.retired_at is not None:
        return False
    basis = purpose.legal_basis
    if kind is Kind.WITHDRAWAL:
        return basis.startswith(LegalBasis.CONSENT)
    return purpose.kind is PurposeKind.MARKETING or any(basis.startswith(each) for each in _OBJECTED_TO)


def _initial(wish: Wish | None) -> dict[str, Any]:
    if wish is None:
        return {}
    value_id, text = next(iter(wish.corrections), (0, ""))
    return {
        "value": to_public(value_id) if value_id else "",
        "text": text,
        "ground": wish.ground,
        "purpose": wish.purpose,
        "way": wish.way.value if wish.way else "",
    }
