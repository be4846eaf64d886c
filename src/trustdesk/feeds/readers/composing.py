"""One address text out of the columns of a feed, in the order in which the country writes it."""

from collections.abc import Mapping

PARTS = ("care_of", "street", "house", "flat", "postcode", "town", "country")
_TOWN_FIRST = frozenset({"HU"})


def address_text(parts: Mapping[str, str], country: str) -> str:
    """Empty where neither a street nor a town is said."""
    street = " ".join(filter(None, (parts.get("street", ""), parts.get("house", ""), parts.get("flat", ""))))
    town = " ".join(filter(None, (parts.get("postcode", ""), parts.get("town", ""))))
    if not parts.get("street") and not parts.get("town"):
        return ""
    care_of = parts.get("care_of", "")
    lines = [f"c/o {care_of}" if care_of else ""]
    lines += [town, street] if country in _TOWN_FIRST else [street, town]
    lines.append(parts.get("country", ""))
    return ", ".join(filter(None, lines))
