"""Identifiers in addresses: thirteen letters that say nothing."""

from trustdesk.kernel.ids import from_public, to_public


class PublicId:
    """Path converter `<public:customer_id>`; what is not an identifier is no page."""

    regex = "[0-9A-HJKMNP-TV-Z]{13}"

    def to_python(self, value: str) -> int:
        return from_public(value)

    def to_url(self, value: int) -> str:
        return to_public(value)
