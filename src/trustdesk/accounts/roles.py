"""Roles as sets of `resource:action`. A role says what a person may; the mandate says what the company allowed."""

from collections.abc import Mapping

OPERATIONS: frozenset[str] = frozenset(
    {
        "customer:search",
        "customer:open",
        "customer:create",
        "customer:correct",
        "customer:confirm",
        "customer:note",
        "customer:merge",
        "customer:lock",
        "customer:contact",
        "consent:record",
        "clearance:read",
        "clearance:manage",
        "delivery:read",
        "delivery:manage",
        "connector:work",
        "connector:manage",
        "feed:manage",
        "feed:work",
        "update:read",
        "update:review",
        "update:undo",
        "campaign:read",
        "campaign:manage",
        "campaign:stop",
        "call:take",
        "call:dial",
        "call:supervise",
        "recording:read",
        "recording:listen",
        "recording:export",
        "recording:hold",
        "copy:make",
        "conversation:find",
        "conversation:read",
        "conversation:work",
        "conversation:manage",
        "complaint:handle",
        "erasure:run",
        "retention:work",
        "request:take",
        "request:work",
        "request:approve",
        "telephony:read",
        "telephony:manage",
        "skill:manage",
        "list:import",
        "list:preview",
        "list:screen",
        "log:read",
        "log:export",
        "inventory:read",
        "seat:read",
        "seat:manage",
        "operator:invite",
        "operator:disable",
        "operator:recover",
        "token:manage",
        "health:read",
    }
)

_AGENT = frozenset(
    {
        "customer:search",
        "customer:open",
        "customer:create",
        "customer:correct",
        "customer:confirm",
        "customer:note",
        "customer:contact",
        "consent:record",
        "clearance:read",
        "call:take",
        "call:dial",
        "recording:read",
        "conversation:find",
        "conversation:read",
        "conversation:work",
        "request:take",
        "telephony:read",
    }
)
_SUPERVISOR = _AGENT | {
    "customer:merge",
    "customer:lock",
    "delivery:read",
    "campaign:read",
    "campaign:manage",
    "campaign:stop",
    "call:supervise",
    "recording:listen",
    "conversation:manage",
    "complaint:handle",
    "skill:manage",
    "list:import",
    "list:preview",
    "list:screen",
    "seat:read",
    "update:read",
    "update:review",
    "update:undo",
}
_OFFICER = frozenset(
    {
        "customer:search",
        "customer:open",
        "customer:lock",
        "consent:record",
        "clearance:read",
        "clearance:manage",
        "delivery:read",
        "connector:work",
        "campaign:read",
        "campaign:stop",
        "recording:read",
        "recording:listen",
        "recording:export",
        "recording:hold",
        "copy:make",
        "conversation:find",
        "conversation:read",
        "complaint:handle",
        "erasure:run",
        "retention:work",
        "request:take",
        "request:work",
        "request:approve",
        "telephony:read",
        "log:read",
        "log:export",
        "inventory:read",
        "seat:read",
        "update:read",
        "update:review",
        "update:undo",
        "health:read",
    }
)
# The administrator runs the installation and opens no customer.
_ADMINISTRATOR = frozenset(
    {
        "seat:read",
        "seat:manage",
        "token:manage",
        "inventory:read",
        "health:read",
        "log:read",
        "clearance:read",
        "clearance:manage",
        "delivery:read",
        "delivery:manage",
        "connector:manage",
        "feed:manage",
        "update:read",
        "telephony:read",
        "telephony:manage",
        "skill:manage",
    }
)
# A reader of the client company: everything the outsourcer's staff did, nothing of its own.
_CLIENT = frozenset(
    {
        "log:read",
        "log:export",
        "inventory:read",
        "seat:read",
        "clearance:read",
        "delivery:read",
        "campaign:read",
        "recording:read",
        "telephony:read",
        "update:read",
    }
)

ROLES: Mapping[str, frozenset[str]] = {
    "agent": _AGENT,
    "supervisor": _SUPERVISOR,
    "officer": _OFFICER,
    "administrator": _ADMINISTRATOR,
    "client": _CLIENT,
}

INSTALLATION_ROLES: Mapping[str, frozenset[str]] = {
    "administrator": frozenset(
        {
            "operator:invite",
            "operator:disable",
            "operator:recover",
            "seat:read",
            "seat:manage",
            "telephony:manage",
            "health:read",
        }
    ),
    "officer": frozenset({"operator:recover", "log:read", "health:read"}),
}

# What needs a time-limited elevated session with a reason, whatever the role says.
ELEVATED: frozenset[str] = frozenset(
    {
        "clearance:manage",
        "connector:manage",
        "copy:make",
        "delivery:manage",
        "feed:manage",
        "log:export",
        "operator:disable",
        "operator:invite",
        "operator:recover",
        "recording:export",
        "retention:work",
        "seat:manage",
        "telephony:manage",
        "token:manage",
    }
)

# What the house does on its own in the course of a request that was taken in or approved: to write to the person (GDPR
# Art. 12(3), (4)), and to do what was approved. Whoever takes in or approves need not hold it.
REQUEST_OPERATIONS: frozenset[str] = frozenset(
    {
        "customer:search",
        "customer:open",
        "customer:contact",
        "customer:create",
        "customer:correct",
        "customer:lock",
        "consent:record",
        "clearance:read",
        "clearance:manage",
        "delivery:read",
        "erasure:run",
        "copy:make",
        "connector:work",
    }
)

# What the house does on its own with what a feed delivers: nobody holds it as a role.
FEED_OPERATIONS: frozenset[str] = frozenset(
    {"feed:work", "customer:open", "customer:contact", "consent:record", "clearance:read"}
)

# What customers' own acts in the portal need, on their own data: nobody holds it as a role.
CUSTOMER_OPERATIONS: frozenset[str] = frozenset(
    {
        "customer:search",
        "customer:open",
        "customer:confirm",
        "customer:correct",
        "customer:contact",
        "consent:record",
        "clearance:read",
        "conversation:find",
        "request:take",
    }
)
