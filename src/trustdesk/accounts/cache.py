"""Keys of the shared cache: digested, because a throttle's key carries an address or an e-mail."""

from django.utils.crypto import salted_hmac


def hashed_key(key: str, key_prefix: str, version: int) -> str:
    """The cache key as a keyed digest (for `CACHES["default"]["KEY_FUNCTION"]`)."""
    return salted_hmac("trustdesk.cache", f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()
