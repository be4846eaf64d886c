"""What the vault holds of a person: that there is a key for a number, and when it was made or destroyed."""

from trustdesk.kernel.registries import PersonalField, PrivacyDeclaration, privacy

_RETENTION = "the class's; a destroyed key's row stays as proof that it is destroyed, without the key"


def _field(column: str, category: str, table: str = "data_key") -> PersonalField:
    return PersonalField(
        table=f"vault_{table}",
        column=column,
        category=category,
        purpose="dpv:EnforceSecurity",
        retention=_RETENTION,
        sealed=False,
    )


DECLARATION = PrivacyDeclaration(
    capability="vault",
    fields=(
        _field("customer_id", "pd:UniqueIdentifier"),
        _field("retention_class", "dpv:PersonalData"),
        _field("created_at", "dpv:PersonalData"),
        _field("destroyed_at", "dpv:PersonalData"),
        _field("id", "pd:UniqueIdentifier", "stream_key"),
        _field("customer_id", "pd:UniqueIdentifier", "stream_key"),
        _field("retention_class", "dpv:PersonalData", "stream_key"),
        _field("created_at", "dpv:PersonalData", "stream_key"),
        _field("destroyed_at", "dpv:PersonalData", "stream_key"),
    ),
    not_personal={
        "vault_controller_key.*": "keys of a company, wrapped, with versions and instants",
        "vault_token_key.*": "keys of a company, wrapped, with levels and instants",
        "vault_file_key.*": "keys of files of a company, wrapped, with instants",
        "vault_data_key.controller_id": "the company",
        "vault_data_key.controller_key_version": "which key of the company wraps this one",
        "vault_data_key.wrapped": "random bytes under another key",
        "vault_stream_key.controller_id": "the company",
        "vault_stream_key.controller_key_version": "which key of the company wraps this one",
        "vault_stream_key.wrapped": "random bytes under another key",
    },
    export=None,  # a number, a class and instants: the person's data are exported by whoever sealed them
    erase=None,  # each capability destroys the classes it sealed under, by `vault.api.destroy`
)


def declare() -> None:
    privacy.register("vault", DECLARATION)
