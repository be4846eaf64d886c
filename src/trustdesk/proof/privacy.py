"""What proof holds of a person: until the certificate is issued, the spellings that are looked for and what was found,
sealed under a key of the search's own; after it nothing but what names nobody.
"""

from trustdesk.kernel.registries import PersonalField, PrivacyDeclaration

_UNTIL = "until the certificate is issued, which destroys the key"
_SEARCH = (
    "id plan_id round_id state variants prepared_at check_values link_digest handed_out_at systems began_at ended_at"
)
_PART = "round_id kind name state columns rows files size milliseconds unread"
_FOUND = "id search_id kind what state found_at decided_at reason law"
_CERTIFICATE = "id plan_id number text signature entry_id issued_at backup_free_from link_digest"
_OURS = "a number, state, count or instant of ours, or a digest of something random; names nobody"
_STAFF = "the operator's id: staff, declared by accounts"


def _field(table: str, column: str) -> PersonalField:
    return PersonalField(f"proof_{table}", column, "dpv:PersonalData", "dpv:RightsFulfilment", _UNTIL, sealed=True)


DECLARATION = PrivacyDeclaration(
    capability="proof",
    fields=(_field("search", "sought"), _field("part", "reached"), _field("found", "sealed")),
    not_personal={
        f"proof_{table}.controller_id": "which company owns the row"
        for table in ("search", "part", "found", "certificate")
    }
    | {f"proof_search.{column}": _OURS for column in _SEARCH.split()}
    | {f"proof_part.{column}": _OURS for column in _PART.split()}
    | {f"proof_found.{column}": _OURS for column in _FOUND.split()}
    | {f"proof_certificate.{column}": _OURS for column in _CERTIFICATE.split()}
    | {"proof_found.decided_by": _STAFF},
    export=None,  # what is looked for is what the register has exported; a certificate names nobody
    erase=None,  # its key is destroyed with the certificate of the erasure itself
)
