"""The root key: a provider wraps and unwraps, the key itself never crosses. By default a file of the keys folder."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from trustdesk.seal.api import BoxKey, derive
from trustdesk.vault.contracts import RootKey


class FileRootKey:
    """32 bytes in `keys/root.key`, read once a process."""

    def __init__(self, path: Path | None = None) -> None:
        key = settings.TRUSTDESK_HOME.secret("root.key") if path is None else path.read_bytes()
        self._box = BoxKey(derive(key, "trustdesk root wrapping"))
        self._key_id = "file:" + hashlib.sha256(derive(key, "trustdesk root name")).hexdigest()[:16]

    @property
    def key_id(self) -> str:
        return self._key_id

    def wrap(self, inner: bytes, *, bound: bytes) -> bytes:
        return self._box.wrap(inner, bound=bound)

    def unwrap(self, box: bytes, *, bound: bytes) -> bytes:
        return self._box.unwrap(box, bound=bound)


@cache
def provider() -> RootKey:
    made: RootKey = import_string(settings.TRUSTDESK_ROOT_KEY_PROVIDER)()
    return made


def label_bound(label: str) -> bytes:
    return b"label\0" + label.encode()
