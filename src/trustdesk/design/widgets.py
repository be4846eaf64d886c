"""Form fields written straight: the same HTML as Django's own templates give, at a tenth of their time.

A customer card carries some twenty fields; through the template engine an input is three templates and each choice of
a list one more, together a quarter of the page's time. A test holds the output to Django's, letter for letter.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_FOLDER = "django/forms/widgets/"
_INPUTS = frozenset(_FOLDER + name for name in ("text.html", "hidden.html", "email.html", "number.html", "date.html"))
_CHECKBOX, _SELECT, _TEXTAREA = _FOLDER + "checkbox.html", _FOLDER + "select.html", _FOLDER + "textarea.html"


class Renderer(DjangoTemplates):
    """Plain inputs, checkboxes, choices and text areas by hand, everything else by Django's templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        widget: Mapping[str, Any] = context.get("widget") or {}
        if template_name in _INPUTS or template_name == _CHECKBOX:
            return mark_safe(_input(widget))  # noqa: S308 - every part is escaped below
        if template_name == _TEXTAREA:
            return mark_safe(_textarea(widget))  # noqa: S308
        if template_name == _SELECT and not any(name for name, _options, _index in widget["optgroups"]):
            return mark_safe(_select(widget))  # noqa: S308
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 - a template's own output


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else _text(widget["value"])
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    options = [option for _name, group, _index in widget["optgroups"] for option in group]
    lines = "".join(f"\n  {_option(option)}\n" for option in options)
    return f'<select name="{_text(widget["name"])}"{_attributes(widget)}>{lines}\n</select>'


def _option(option: Mapping[str, Any]) -> str:
    return f'<option value="{_text(option["value"])}"{_attributes(option)}>{_text(option["label"])}</option>'


def _attributes(widget: Mapping[str, Any]) -> str:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in given)


def _text(value: object) -> str:
    return str(conditional_escape(value if isinstance(value, SafeString) else str(value)))
