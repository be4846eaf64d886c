"""Session engine: rows are found by the digest of the cookie and know whose they are."""

import hashlib
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.utils import timezone

from trustdesk.accounts.models import DeskSession

_DIGITS = 40


def stored_key(session_key: str) -> str:
    """The digest under which a cookie's session stands: 160 bits of SHA-256, in hexadecimal."""
    return hashlib.sha256(b"trustdesk.session|" + session_key.encode()).hexdigest()[:_DIGITS]


class SessionStore(DatabaseStore):
    """Django's database engine with the key digested on every way to the table."""

    @classmethod
    def get_model_class(cls) -> type[DeskSession]:
        return DeskSession

    def _get_session_from_db(self) -> DeskSession | None:
        found = self._rows(self.session_key).filter(expire_date__gt=timezone.now()).first()
        if found is None:
            self._session_key = None
        return found

    async def _aget_session_from_db(self) -> DeskSession | None:
        found = await self._rows(self.session_key).filter(expire_date__gt=timezone.now()).afirst()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return self._rows(session_key).exists()

    async def aexists(self, session_key: str) -> bool:
        return await self._rows(session_key).aexists()

    def create_model_instance(self, data: dict[str, Any]) -> DeskSession:
        return self._digested(super().create_model_instance(data), data)

    async def acreate_model_instance(self, data: dict[str, Any]) -> DeskSession:
        return self._digested(await super().acreate_model_instance(data), data)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self._rows(key).delete()

    async def adelete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            await self._rows(key).adelete()

    def _rows(self, session_key: str | None) -> QuerySet[DeskSession]:
        return DeskSession.objects.filter(session_key=stored_key(session_key or "")).order_by("session_key")

    def _digested(self, row: Any, data: dict[str, Any]) -> DeskSession:  # noqa: ANN401  # Django's own type is a guess
        operator = data.get(SESSION_KEY)
        row.session_key = stored_key(row.session_key)
        row.operator_id = int(operator) if operator else None
        found: DeskSession = row
        return found
