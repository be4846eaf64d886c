"""What is typed about call notices and other words of the company's own. Meaning is checked below; here only shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.announcements.contracts import CallNotice, NewCallNotice, NewWords
from trustdesk.console.call_forms import choose
from trustdesk.console.call_words import element_label, language_label
from trustdesk.decision.api import NoticeElement

_CODE_WRONG = {"invalid": gettext_lazy("Small letters, digits and hyphens, at most 40, a letter first.")}
_CODE = r"^[a-z][a-z0-9-]{0,39}$"
_UPLOAD = gettext_lazy("WAV, up to two minutes. Without a file the text is spoken by the program.")


class BeginForm(forms.Form):
    """Which notice is written: its code, language, and by whose rules."""

    code = forms.RegexField(regex=_CODE, label=gettext_lazy("Code"), initial="main", error_messages=_CODE_WRONG)
    language = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, languages: Sequence[str]) -> None:
        super().__init__(data)
        choose(self, "language", [(code, language_label(code)) for code in languages])


class NoticeForm(forms.Form):
    """A version of a call notice: each part its own text, all of them in what is spoken."""

    text = forms.CharField(
        label=gettext_lazy("All that is spoken"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Empty: the parts in a row. Otherwise every part has to stand in it, word by word."),
    )
    upload = forms.FileField(label=gettext_lazy("A recording of your own"), required=False, help_text=_UPLOAD)
    confirmed = forms.MultipleChoiceField(
        label=gettext_lazy("Heard in the recording"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,  # noqa: ANN401 - Django's own files
        *,
        parts: Mapping[NoticeElement, str],
        needed: Sequence[NoticeElement],
    ) -> None:
        super().__init__(data, files)
        self.elements = [element for element in NoticeElement if element in needed or element in parts]
        for element in self.elements:
            self.fields[f"part_{element}"] = forms.CharField(
                label=element_label(element),
                max_length=600,
                required=element in needed,
                initial=parts.get(element, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        choose(self, "confirmed", [(element.value, element_label(element)) for element in self.elements])

    @property
    def parts(self) -> list[forms.BoundField]:
        return [self[f"part_{element}"] for element in self.elements]

    def notice(self, *, code: str, language: str, country: str, sector: str, recorded: bool) -> NewCallNotice:
        given = self.cleaned_data
        return NewCallNotice(
            code=code,
            language=language,
            country=country,
            sector=sector,
            recorded=recorded,
            parts={element: given[f"part_{element}"] for element in self.elements if given[f"part_{element}"]},
            text=given["text"],
            upload=given["upload"].read() if given["upload"] else None,
            confirmed=frozenset(NoticeElement(name) for name in given["confirmed"]),
        )

    @staticmethod
    def place_of(place: str) -> str:
        """The field that a fault of the notice speaks of."""
        return f"part_{place.removeprefix('parts.')}" if place.startswith("parts.") else place


class WordsForm(forms.Form):
    """Words of the company's own: a menu's, or those for closed hours."""

    code = forms.RegexField(
        regex=_CODE,
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("A menu or queue names the words by it: keys, holiday. The same in every language."),
        error_messages=_CODE_WRONG,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    text = forms.CharField(label=gettext_lazy("Text"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))
    upload = forms.FileField(label=gettext_lazy("A recording of your own"), required=False, help_text=_UPLOAD)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,  # noqa: ANN401 - Django's own files
        *,
        languages: Sequence[str],
    ) -> None:
        super().__init__(data, files)
        choose(self, "language", [(code, language_label(code)) for code in languages])

    def words(self) -> NewWords:
        given = self.cleaned_data
        upload = given["upload"].read() if given["upload"] else None
        return NewWords(code=given["code"], language=given["language"], text=given["text"], upload=upload)


def made_label(held: CallNotice) -> str:
    """How it was made, in words."""
    return _("your recording") if held.made == "uploaded" else _("spoken by the program")
