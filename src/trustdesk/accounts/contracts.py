"""The frozen values that leave this room."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupLink:
    """A single-use way in: `path` carries the secret, so it never shows in a representation.

    `kind` is `setup` (first administrator), `invitation` or `recovery`.
    """

    operator_id: int
    kind: str
    expires_at: datetime
    path: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorView:
    """An operator for lists and headers. `state` is `invited`, `active` or `disabled`."""

    id: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    language: str
    state: str
    installation_roles: frozenset[str]
    has_second_factor: bool
    last_sign_in_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryView:
    """A request to give an operator new factors, waiting for (or approved by) a second person."""

    id: int
    operator_id: int
    requested_by: int
    requested_at: datetime
    expires_at: datetime
    approved_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elevation:
    """Until when a session may do what is closed to it otherwise. The reason stands in the log only."""

    operator_id: int
    session_id: str
    ends_at: datetime
