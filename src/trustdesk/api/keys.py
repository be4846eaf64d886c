"""The keys of this surface, derived from the installation's own: one for each use."""

from functools import cache

from django.conf import settings

from trustdesk.seal.api import derive


@cache
def key(use: str) -> bytes:
    """32 bytes for `use`, the same in every process."""
    return derive(bytes.fromhex(settings.SECRET_KEY), f"api.{use}")
