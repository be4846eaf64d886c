"""E-mail addresses: one notation, and the words of both sides (RFC 5321, 5891)."""

import re
import unicodedata

from trustdesk.vault.services.folding import words

_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>.]+(?:\.[^@\s<>.]+)+\Z")
_BRACKETED = re.compile(r"<([^<>]+)>\s*\Z")
_COMMON_ENDINGS = frozenset({"com", "net", "org", "info", "biz"})


def normal_email(text: str) -> str:
    """Lower case, ASCII domain; empty where the text is no address. Mailboxes that differ in case only are one."""
    text = unicodedata.normalize("NFKC", text).strip().removeprefix("mailto:")
    if found := _BRACKETED.search(text):
        text = found[1].strip()
    text = text.rstrip(".")
    if not _ADDRESS.match(text):
        return ""
    local, _, domain = text.casefold().rpartition("@")
    return f"{local}@{_ascii_domain(domain)}"


def stored_words(text: str) -> list[str]:
    """The words by which a part of the address finds it; the last label of the domain finds half the world."""
    normal = normal_email(text)
    if not normal:
        return words(text)
    local, _, domain = normal.rpartition("@")
    return list(dict.fromkeys(words(local) + words(_readable_domain(domain).rpartition(".")[0])))


def asked_words(query: str) -> list[str]:
    """The words of a part of an address, on either side of the at sign."""
    local, _, domain = query.strip().rpartition("@")
    if not local and "@" not in query:
        local, ending = domain, domain.rpartition(".")[2].casefold()
        if "." in local and (ending in _COMMON_ENDINGS or len(ending) == len("hu")):
            local = local.rpartition(".")[0]
        return _useful(words(_readable_domain(local)))
    domain = _readable_domain(domain.casefold())
    known = domain.rpartition(".")[0] if "." in domain else ""  # a domain half typed asks for nothing yet
    return list(dict.fromkeys(_useful(words(local)) + words(known)))


def _useful(found: list[str]) -> list[str]:
    """Single letters are asked for only where there is nothing else."""
    return [word for word in found if len(word) > 1] or found


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _readable_domain(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
