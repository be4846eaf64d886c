"""E-mail addresses and handles, as they are written and as programs and careful people disguise them."""

from collections.abc import Iterator
from urllib.parse import quote

from trustdesk.scan.contracts import Kind, Strength, Variant
from trustdesk.scan.patterns import ANY_TAG

_AT = (
    "@",
    "%40",
    "=40",
    "+AEA-",
    "&#64;",
    "&#x40;",
    "&commat;",
    "\\u0040",
    "(at)",
    " at ",
    " @ ",
    "[at]",
    "(kukac)",
    " kukac ",
)
"""Plain, of URLs, of mail, of UTF-7 (RFC 2152), of HTML and JSON, and of people who fear robots."""
_SHORTEST = 5


def emails(text: str) -> Iterator[Variant]:
    """The address is found in `mailto:` links and brackets too: it is a row of words."""
    local, at, domain = text.strip().removeprefix("mailto:").partition("@")
    if not at or not local or not domain:
        return
    about = text.casefold()
    local, plus, tag = local.partition("+")
    whole = f"{local}+{tag}" if plus else local
    domains = dict.fromkeys((domain, _idna(domain)))
    for one in domains:
        for sign in _AT:
            yield Variant(Kind.EMAIL, f"{whole}{sign}{one}", about=about)
            yield Variant(Kind.EMAIL, f"{local}{sign}{one}", about=about)
        yield Variant(Kind.EMAIL, f"{local}{ANY_TAG}{one}", about=about)
        yield Variant(Kind.EMAIL, f"{local} (at) {one.replace('.', ' (dot) ')}", about=about)
        yield Variant(Kind.EMAIL, quote(f"{whole}@{one}").replace("%40", "%2540"), about=about)
    if sum(letter.isalnum() for letter in local) > _SHORTEST:
        yield Variant(Kind.EMAIL, local, Strength.NEAR, about=about)


def _idna(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def handles(text: str) -> Iterator[Variant]:
    """A handle with its @ or without; a short one is a word like any other."""
    bare = text.strip().lstrip("@")
    strength = Strength.ALONE if len(bare) > _SHORTEST and not bare.isalpha() else Strength.NEAR
    yield Variant(Kind.HANDLE, bare, strength, about=bare.casefold())
