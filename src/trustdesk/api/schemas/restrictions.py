"""Restriction to storage (GDPR Art. 18)."""

from typing import Literal

from trustdesk.api.schemas.common import Given


class RestrictionForm(Given):
    """`ground` is the letter of GDPR Art. 18(1): a accuracy contested, b unlawful but to be kept, c needed for claims,
    d objection pending.
    """

    ground: Literal["a", "b", "c", "d"]
