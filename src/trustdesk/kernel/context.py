"""The access context: who, for which controller, under which mandate, for which purpose, until when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from trustdesk.kernel.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Opening:
    """What is about to be opened: counts and identifiers, never contents.

    `what` names the place ("register.card", "register.search", "intake.import"), `subjects` the customers' ids,
    `fields` the fields opened, `reason` the operator's stated reason where one is asked for.
    """

    what: str
    subjects: Sequence[int]
    fields: Sequence[str]
    reason: str = ""


class Journal(Protocol):
    """Where openings and deeds are written. `audit` supplies it; there is no opening without one."""

    def opening(self, context: "AccessContext", opening: Opening) -> None:
        """Commit the entry, on a connection of its own, before it returns: also if the request then fails."""

    def deed(
        self,
        context: "AccessContext",
        what: str,
        *,
        subjects: Sequence[int] = (),
        detail: dict[str, object] | None = None,
    ) -> None:
        """Write the entry of a change inside the running business transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessContext:
    """Frozen; made by `mandates.api` only. `scope` is the signed text the database reads (see `isolation`)."""

    operator_id: int
    session_id: str
    controller_id: int
    mandate_id: int
    purpose: str
    categories: frozenset[str]
    operations: frozenset[str]
    expires_at: datetime
    scope: str = field(repr=False)  # whoever holds it enters: it belongs in no log
    journal: Journal = field(repr=False)

    def check_operation(self, operation: str) -> None:
        """Raise RefusedError unless the mandate and the operator's roles allow `resource:action`."""
        if operation not in self.operations:
            msg = "Your role under this mandate does not include this."
            raise RefusedError(msg, place=operation, mend="Ask the supervisor for the role, or choose another purpose.")

    def allows(self, operation: str) -> bool:
        return operation in self.operations
