"""The one sealed line by which lists show a customer: name, and a town to tell namesakes apart."""

from collections.abc import Mapping

import orjson

from trustdesk.register.contracts import CustomerKind

SHOWN_IN = frozenset({"company_name", "name", "given_name", "family_name", "email", "phone", "customer_number", "town"})
"""The attributes of which a line may be made."""

_FAMILY_FIRST = "hu"
_FALLBACKS = ("company_name", "email", "phone", "customer_number")
_COMPANY_FIRST = frozenset({CustomerKind.COMPANY, CustomerKind.SOLE_TRADER})


def compose(kind: CustomerKind, first: Mapping[str, str], *, language: str, country: str) -> str:
    """From the first current text of each attribute. Hungarian names have the family name first."""
    return orjson.dumps([_name(kind, first, language, country), first.get("town", "")]).decode()


def parse(text: str | None) -> tuple[str, str]:
    """Name and detail; empty where there is nothing to read."""
    if text is None:
        return "", ""
    name, detail = orjson.loads(text)
    return name, detail


def _name(kind: CustomerKind, first: Mapping[str, str], language: str, country: str) -> str:
    if kind in _COMPANY_FIRST and "company_name" in first:
        return first["company_name"]
    if "name" in first:
        return first["name"]
    parts = [first.get("given_name", ""), first.get("family_name", "")]
    if language.startswith(_FAMILY_FIRST) or (not language and country == "HU"):
        parts.reverse()
    name = " ".join(part for part in parts if part)
    return name or next((first[code] for code in _FALLBACKS if code in first), "")
