"""What is held of operators: staff of the controller or the processor, not customers."""

from trustdesk.kernel.registries import PersonalField, PrivacyDeclaration, privacy

_EMPLOYMENT = "while the operator's deeds stand in the log, at most its retention after the account is disabled"
_SESSION = "until the session ends"
_SIGN_IN = "dpv:EnforceAccessControl"


def _field(
    table: str, column: str, category: str, retention: str = _EMPLOYMENT, *, sealed: bool = False
) -> PersonalField:
    return PersonalField(
        table=table, column=column, category=category, purpose=_SIGN_IN, retention=retention, sealed=sealed
    )


DECLARATION = PrivacyDeclaration(
    capability="accounts",
    fields=(
        _field("accounts_operator", "email", "pd:EmailAddress"),
        _field("accounts_operator", "name", "pd:Name"),
        _field("accounts_operator", "language", "pd:Language"),
        _field("accounts_operator", "password", "pd:Password"),
        _field("accounts_operator", "last_login", "pd:LoginHistory"),
        _field("accounts_session", "session_data", "pd:LoginHistory", _SESSION),
        _field("accounts_session", "operator_id", "pd:UniqueIdentifier", _SESSION),
        _field("account_emailaddress", "email", "pd:EmailAddress"),
        _field("mfa_authenticator", "data", "pd:Authenticating", sealed=True),
        _field("mfa_authenticator", "last_used_at", "pd:LoginHistory"),
        _field("socialaccount_socialaccount", "uid", "pd:UniqueIdentifier"),
    ),
    not_personal={
        "accounts_operator.id": "a number of ours",
        "accounts_operator.installation_roles": "names of roles",
        "accounts_operator.invited_at": "an instant of the account's life",
        "accounts_operator.accepted_at": "an instant of the account's life",
        "accounts_operator.disabled_at": "an instant of the account's life",
        "accounts_operator.session_epoch": "a counter",
        "accounts_session.session_key": "a digest of a random cookie",
        "accounts_session.expire_date": "an instant",
        "accounts_link.*": "numbers of ours, instants and a digest of a random secret",
        "accounts_recovery.*": "numbers of ours and instants",
        "accounts_elevated_session.*": "numbers of ours, instants and a digest of a random cookie",
        "accounts_cache.*": "keyed digests of throttle keys and counters; gone when the throttle's time is over",
    },
    export=None,
    erase=None,
)


def declare() -> None:
    privacy.register("accounts", DECLARATION)
