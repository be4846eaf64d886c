"""The configuration of a controller as its process keeps it: purposes, policy, outside lists.

Every read of facts brings the version in force along; what is kept under another version is loaded anew. The version
is a fresh id and not a counter: a transaction that is rolled back would leave a number that is given again.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import Assessment, ListFormat, OutsideList, PointKind, PolicyVersion, Purpose
from trustdesk.clearance.packs import packs
from trustdesk.decision.api import NO_POLICY, parse_policy
from trustdesk.decision.contracts import Policy, PurposeKind
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id

_STATE = "SELECT version, token_floor FROM clearance_setup WHERE controller_id = %s"
_BUMP = """
INSERT INTO clearance_setup (controller_id, version, token_floor) VALUES (%s, %s, 1)
ON CONFLICT (controller_id) DO UPDATE SET version = EXCLUDED.version
"""
_PURPOSES = """
SELECT p.id, p.code, p.label, p.term, p.kind, p.legal_basis, p.declared_at, p.retired_at,
  a.pursued, a.necessity, a.balancing, a.safeguards, a.assessed_at, a.assessed_by, a.review_date, p.other_labels::text
FROM clearance_purpose p
LEFT JOIN (
  SELECT DISTINCT ON (purpose_id) * FROM clearance_assessment WHERE controller_id = %s ORDER BY purpose_id, id DESC
) AS a ON a.purpose_id = p.id
WHERE p.controller_id = %s ORDER BY p.id
"""
_POLICY = """
SELECT version, text, adopted_at, adopted_by FROM clearance_policy
WHERE controller_id = %s ORDER BY version DESC LIMIT 1
"""
_LISTS = """
SELECT id, code, name, country, kind, format, refreshed_at, loaded_at, entries, unreadable, current_load
FROM clearance_outside_list WHERE controller_id = %s ORDER BY id
"""
_lock = threading.Lock()
_kept: dict[int, "Setup"] = {}
"""What was loaded last. Whoever finds another version in force loads anew, so it may be old but never believed."""


@dataclass(frozen=True, slots=True)
class LoadedList:
    """An outside list, and the load that is its content."""

    about: OutsideList
    load_id: int | None
    own: bool
    """It belongs to no rule of the packs: the company's own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    version: int
    token_floor: int
    purposes: Mapping[str, Purpose]
    policy: Policy
    policy_version: int
    lists: Mapping[str, LoadedList]  # by code

    def purpose(self, code: str) -> Purpose:
        """NotFoundError where it was never declared."""
        found = self.purposes.get(code)
        if found is None:
            raise NotFoundError(
                _("There is no such purpose."),
                place="purpose",
                mend=", ".join(self.purposes) or _("Declare one first."),
            )
        return found

    def living(self, code: str, at: datetime) -> Purpose:
        """NotFoundError also where it is retired at the instant."""
        found = self.purpose(code)
        if found.retired_at is not None and found.retired_at <= at:
            raise NotFoundError(
                _("This purpose has ended."), place="purpose", mend=_("Nothing is done for it any more.")
            )
        return found

    def loads(self, kind: PointKind) -> Sequence[int]:
        """The contents that points of the kind are looked up in."""
        return [held.load_id for held in self.lists.values() if held.load_id is not None and held.about.kind is kind]


def setup_of(context: AccessContext) -> Setup:
    """The configuration as last loaded by this process; loaded now where it never was."""
    return _kept.get(context.controller_id) or load(context)


def current(context: AccessContext) -> Setup:
    """The configuration in force, for writes and lists: the version is asked for."""
    kept = _kept.get(context.controller_id)
    with wire.within(context):
        if kept is not None and kept.version == _version(context)[0]:
            return kept
        return load(context)


def load(context: AccessContext) -> Setup:
    """Read everything anew."""
    with wire.within(context):
        version, floor = _version(context)
        policy_version, policy = _policy(context)
        loaded = Setup(
            version=version,
            token_floor=floor,
            purposes={purpose.code: purpose for purpose in _purposes(context)},
            policy=policy,
            policy_version=policy_version,
            lists={held.about.code: held for held in _lists(context)},
        )
    with _lock:
        _kept[context.controller_id] = loaded
    return loaded


def changed(context: AccessContext) -> None:
    """Say, inside the transaction that changes the configuration, that what others keep is old."""
    wire.run(_BUMP, [context.controller_id, new_id()])


def token_floor(context: AccessContext) -> int:
    """The lowest level at which tokens are written."""
    return _version(context)[1]


def adopted_policy(context: AccessContext) -> PolicyVersion | None:
    """The tenant's policy as adopted last."""
    with wire.within(context):
        rows = wire.fetch(_POLICY, [context.controller_id])
    return (
        PolicyVersion(version=rows[0][0], text=rows[0][1], adopted_at=rows[0][2], adopted_by=rows[0][3])
        if rows
        else None
    )


@lru_cache(maxsize=256)
def parsed(text: str, _packs_digest: str) -> Policy:
    """The policy over the packs in force. To hold it against them takes a quarter of a second, which a process spends
    once and not whenever a purpose is declared. Raises as `parse_policy`.
    """
    return parse_policy(text, packs())


def _version(context: AccessContext) -> tuple[int, int]:
    rows = wire.fetch(_STATE, [context.controller_id])
    return (rows[0][0], rows[0][1]) if rows else (0, 1)


def _policy(context: AccessContext) -> tuple[int, Policy]:
    held = adopted_policy(context)
    if held is None:
        return 0, NO_POLICY
    try:
        return held.version, parsed(held.text, packs().digest)
    except BadInputError as fault:
        # Adopted under older packs; stricter ones came, and now it asks for less. Nothing is permitted on a guess.
        raise BadInputError(
            _("The company's policy does not fit the rules in force: nothing can be decided."),
            place=fault.place or "policy",
            mend=_("Adopt it anew: %(reason)s") % {"reason": fault.message},
        ) from None


def _purposes(context: AccessContext) -> list[Purpose]:
    rows = wire.fetch(_PURPOSES, [context.controller_id, context.controller_id])
    return [
        Purpose(
            purpose_id=row[0],
            code=row[1],
            label=row[2],
            other_labels=json.loads(row[15]),
            term=row[3],
            kind=PurposeKind(row[4]),
            legal_basis=row[5],
            declared_at=row[6],
            retired_at=row[7],
            assessment=None
            if row[8] is None
            else Assessment(
                pursued=row[8],
                necessity=row[9],
                balancing=row[10],
                safeguards=row[11],
                assessed_at=row[12],
                assessed_by=row[13],
                review_date=row[14],
            ),
        )
        for row in rows
    ]


def _lists(context: AccessContext) -> list[LoadedList]:
    rows = wire.fetch(_LISTS, [context.controller_id])
    ruled = {rule.id for pack in packs().by_jurisdiction.values() for rule in pack.outside_lists}
    return [
        LoadedList(
            OutsideList(
                list_id=row[0],
                code=row[1],
                name=row[2],
                country=row[3],
                kind=PointKind(row[4]),
                format=ListFormat(row[5]),
                refreshed_at=row[6],
                loaded_at=row[7],
                entries=row[8],
                unreadable=row[9],
            ),
            row[10],
            own=row[1] not in ruled,
        )
        for row in rows
    ]
