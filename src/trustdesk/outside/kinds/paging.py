"""An answer that comes in pages: the next by a link (RFC 8288) or by its number, and not more than there may be."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from trustdesk.outside.contracts import Fault
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.placing import pointed
from trustdesk.outside.setups import BY_LINK, HttpSetup

MOST = 100
"""Pages of one question. What has more is a fault and not cut off: somebody would be left behind unseen."""
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w!#$%&+^`|~*-]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]*))', re.IGNORECASE)


def listed(document: Any, pointer: str) -> list[object]:  # noqa: ANN401 - JSON
    """The records of an answer: a list, one alone, or none."""
    try:
        found = pointed(document, pointer)
    except LookupError:
        raise OutsideError(Fault.SCHEMA, where=f"find: {pointer}") from None
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def read(content: bytes) -> Any:  # noqa: ANN401 - JSON
    """The answer."""
    try:
        return json.loads(content)
    except ValueError:
        raise OutsideError(Fault.UNREADABLE, where="find") from None


def next_address(setup: HttpSetup, asked: str, document: Any, links: str) -> str | None:  # noqa: ANN401 - JSON
    """Where the next page is; None where this was the last. Only the same server is asked: whoever answers could send
    us, and our password, to another.
    """
    said = next(_named_next(links), None) if setup.next_page == BY_LINK else _pointed(document, setup.next_page)
    if not said:
        return None
    address = urljoin(asked, said)
    if urlsplit(address)[:2] != urlsplit(setup.address)[:2]:
        raise OutsideError(Fault.UNREADABLE, where=f"find: {setup.next_page}")
    return address.partition("#")[0]


def _pointed(document: Any, pointer: str) -> str | None:  # noqa: ANN401 - JSON
    """A page that is the last often has no such field at all."""
    try:
        said = pointed(document, pointer)
    except LookupError:
        return None
    if said is not None and not isinstance(said, str):
        raise OutsideError(Fault.UNREADABLE, where=f"find: {pointer}")
    return said


def _named_next(links: str) -> Iterator[str]:
    """The targets of the header whose relation is `next`; of several relations one is enough."""
    for link in _LINK.finditer(links):
        relation = _REL.search(link[2])
        if relation is not None and "next" in (relation[1] or relation[2] or "").casefold().split():
            yield link[1]
