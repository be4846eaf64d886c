"""The two narrow scopes of this room, beside the full one: choosing, and administering.

*Choosing* (no controller): shows an operator the own seats and the mandates above them.
*Administering* (a controller, mandate 0): opens the mandates, seats and tokens of one controller, and no other table.
"""

from datetime import datetime, timedelta

from trustdesk.isolation.api import sign_operator_scope, sign_scope

_ADMINISTRATION = 0
_MINUTES = timedelta(minutes=5)


def choosing(operator_id: int, session_id: str, *, now: datetime) -> str:
    return sign_operator_scope(operator_id=operator_id, session_id=session_id, expires_at=now + _MINUTES)


def administering(controller_id: int, by: int | None, *, now: datetime) -> str:
    return sign_scope(
        controller_id=controller_id,
        operator_id=by or 0,
        mandate_id=_ADMINISTRATION,
        session_id="administration",
        expires_at=now + _MINUTES,
    )
