"""The public door of accounts: operators, their sign-in state, roles, recovery and elevated sessions.

Every write takes `by` (the acting operator; None at the machine's own command line) and `now`, runs in one
transaction and leaves its deed in the installation's log. Errors are those of `kernel.errors`.
"""

from trustdesk.accounts.contracts import Elevation, OperatorView, RecoveryView, SetupLink
from trustdesk.accounts.roles import (
    CUSTOMER_OPERATIONS,
    ELEVATED,
    FEED_OPERATIONS,
    INSTALLATION_ROLES,
    OPERATIONS,
    REQUEST_OPERATIONS,
    ROLES,
)
from trustdesk.accounts.selectors import (
    has_second_factor,
    installation_operations,
    is_active,
    names,
    open_recoveries,
    operator,
    operator_by_email,
    operators,
    recovery_persons,
)
from trustdesk.accounts.services.elevation import check_elevated, elevate, elevated_until, end_elevation, session_id
from trustdesk.accounts.services.forgetting import forget_expired
from trustdesk.accounts.services.operators import (
    accept,
    check_installation_operation,
    create_first_administrator,
    disable,
    enable,
    end_sessions,
    invite,
    invite_again,
)
from trustdesk.accounts.services.provision import provision_for_demo
from trustdesk.accounts.services.recovery import recovery_approve, recovery_request, recovery_withdraw

__all__ = [
    "CUSTOMER_OPERATIONS",
    "ELEVATED",
    "FEED_OPERATIONS",
    "INSTALLATION_ROLES",
    "OPERATIONS",
    "REQUEST_OPERATIONS",
    "ROLES",
    "Elevation",
    "OperatorView",
    "RecoveryView",
    "SetupLink",
    "accept",
    "check_elevated",
    "check_installation_operation",
    "create_first_administrator",
    "disable",
    "elevate",
    "elevated_until",
    "enable",
    "end_elevation",
    "end_sessions",
    "forget_expired",
    "has_second_factor",
    "installation_operations",
    "invite",
    "invite_again",
    "is_active",
    "names",
    "open_recoveries",
    "operator",
    "operator_by_email",
    "operators",
    "provision_for_demo",
    "recovery_approve",
    "recovery_persons",
    "recovery_request",
    "recovery_withdraw",
    "session_id",
]
