"""The renderer's HTML is Django's own, letter for letter."""

from collections.abc import Mapping

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.design.widgets import Renderer

DJANGO, OURS = DjangoTemplates(), Renderer()
CHOICES = [("", "---"), ("a", "<A & B>"), (1, "one"), (True, mark_safe("<b>bold</b>"))]
WIDGETS = [
    forms.TextInput(),
    forms.HiddenInput(),
    forms.EmailInput(),
    forms.NumberInput(),
    forms.DateInput(),
    forms.Textarea(),
    forms.CheckboxInput(),
    forms.Select(choices=CHOICES),
    forms.Select(choices=[]),
    forms.Select(choices=[("group", [("x", "X"), ("y", "Y")]), ("z", "Z")]),
    forms.SelectMultiple(choices=CHOICES),
    forms.RadioSelect(choices=CHOICES),
    forms.PasswordInput(),
]
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@given(
    value=st.one_of(st.none(), st.booleans(), st.integers(), TEXTS, st.just(mark_safe("&amp;"))),
    attrs=st.dictionaries(
        st.sampled_from(["id", "class", "aria-describedby", "required"]),
        st.one_of(st.booleans(), TEXTS),
    ),
)
def test_it_is_what_django_writes(widget: forms.Widget, value: object, attrs: Mapping[str, object]) -> None:
    theirs = widget.render('n"<&>', value, attrs=dict(attrs), renderer=DJANGO)
    assert widget.render('n"<&>', value, attrs=dict(attrs), renderer=OURS) == theirs
