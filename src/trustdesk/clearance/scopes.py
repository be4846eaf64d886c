"""What an objection or suppression speaks of, as it is stored."""

from collections.abc import Mapping
from typing import NamedTuple

from trustdesk.clearance.contracts import POINT_OF_CHANNEL, PointKind, Scope
from trustdesk.clearance.selectors.setup import Setup
from trustdesk.decision.contracts import Channel, PurposeKind


class Stored(NamedTuple):
    purpose_id: int | None
    purpose_kind: str
    channel: str


def stored(setup: Setup, scope: Scope) -> Stored:
    """A single purpose also carries its kind, so that one comparison tells what it covers."""
    channel = scope.channel.value if scope.channel else ""
    if scope.purpose:
        purpose = setup.purpose(scope.purpose)
        return Stored(purpose.purpose_id, purpose.kind.value, channel)
    return Stored(None, scope.kind.value if scope.kind else "", channel)


def shown(codes: Mapping[int, str], purpose_id: int | None, purpose_kind: str, channel: str) -> Scope:
    """The scope again; `codes` are the purposes' by id."""
    return Scope(
        purpose=codes.get(purpose_id, "") if purpose_id is not None else "",
        kind=PurposeKind(purpose_kind) if purpose_kind and purpose_id is None else None,
        channel=Channel(channel) if channel else None,
    )


def kinds_of(scope: Scope) -> list[PointKind]:
    """The kinds of contact points that the scope is about."""
    return [POINT_OF_CHANNEL[scope.channel]] if scope.channel else list(PointKind)
