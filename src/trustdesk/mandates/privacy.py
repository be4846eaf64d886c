"""What is held of operators in seats and tokens; nothing of a customer stands here."""

from trustdesk.kernel.registries import PersonalField, PrivacyDeclaration, privacy

_RETENTION = "the mandate, then as long as the log it explains"


def _field(table: str, column: str) -> PersonalField:
    return PersonalField(
        table=table,
        column=column,
        category="pd:UniqueIdentifier",
        purpose="dpv:EnforceAccessControl",
        retention=_RETENTION,
        sealed=False,
    )


DECLARATION = PrivacyDeclaration(
    capability="mandates",
    fields=(
        _field("mandates_seat", "operator_id"),
        _field("mandates_api_token", "responsible_operator_id"),
    ),
    not_personal={
        "mandates_controller.*": "a company, its country, languages and time zone",
        "mandates_processor.*": "a company and its country",
        "mandates_mandate.*": "a contract between companies: terms, codes and instants",
        "mandates_seat.*": "numbers of ours, a role, purposes and instants",
        "mandates_token_use.*": "numbers of ours, a minute and a count",
        "mandates_reply.*": "keyed digests and the identifiers a write answered, for a day (docs/adr/0009)",
        "mandates_api_token.*": "a name of a system, numbers of ours, codes, instants and a digest of a random secret",
    },
    export=None,
    erase=None,
)


def declare() -> None:
    privacy.register("mandates", DECLARATION)
