"""Every address there is, taken from the resolver, with identifiers put in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from trustdesk.kernel.ids import to_public

KINDS = ("public", "str", "int", "slug")
NAMES = {
    "secret": "no-such-link",
    "provider_id": "company",
    "name": "list.csv",
    "code": "refused",
    "channel": "email",
    "purpose": "news",
    "verb": "hold",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A route, its name within its namespace, and what its identifiers are called."""

    route: str
    name: str
    identifiers: Mapping[str, type]
    view: Any

    def filled(self, values: Mapping[str, int]) -> str:
        """The path; identifiers that are not given become a number nobody has."""
        path = self.route
        for identifier, converter in self.identifiers.items():
            number = values.get(identifier, 4711)
            given = NAMES.get(identifier, str(number) if converter.__name__ == "IntConverter" else to_public(number))
            for written in (f"<{identifier}>", *(f"<{kind}:{identifier}>" for kind in KINDS)):
                path = path.replace(written, given)
        return f"/{path}"


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], route: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            raise TypeError(f"{pattern.pattern} is not a plain route: teach this walk to fill it")
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            converters = {name: type(converter) for name, converter in _converters(here).items()}
            yield Address(here, f"{namespace}{pattern.name}", converters, pattern.callback)


def _converters(route: str) -> Mapping[str, Any]:
    return RoutePattern(route, is_endpoint=True).converters
