"""The home folder: `data` and `keys` apart, both closed to everybody else."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from trustdesk.kernel.errors import BadInputError

DATABASE_ROLES = ("postgres", "trustdesk_owner", "trustdesk_app", "trustdesk_sequencer", "trustdesk_backup")
_SECRET_BYTES = 32
EXCHANGE_KEY = "exchange.key"
"""By it the two sides of the exchange's local sockets know each other."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below one folder (`TRUSTDESK_HOME`, by default `var` in the working folder)."""

    path: Path

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def cluster(self) -> Path:
        return self.data / "pg"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run(self) -> Path:
        """The sockets of the exchange."""
        return self.data / "run"

    @property
    def ledger(self) -> Path:
        """Who was erased, as tokens: it has to outlive every restore."""
        return self.path / "ledger"

    def prepare(self) -> None:
        """Make folders and the secrets that are missing; those that exist are never changed."""
        for folder in (self.path, self.data, self.keys, self.ledger, self.logs, self.run):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._secret("root.key")
        self._secret("scope.key")
        self._secret("django.key")
        self._secret("log.key")
        self._secret(EXCHANGE_KEY)
        path = self.keys / "database.json"
        passwords = self.database_passwords() if path.exists() else {}
        missing = [role for role in DATABASE_ROLES if role not in passwords]
        if missing:  # an earlier version's home knows fewer roles
            passwords |= {role: secrets.token_urlsafe(_SECRET_BYTES) for role in missing}
            write_private(path, json.dumps(passwords, indent=1).encode())

    def _secret(self, name: str) -> None:
        path = self.keys / name
        if not path.exists():
            write_private(path, secrets.token_bytes(_SECRET_BYTES))

    def secret(self, name: str) -> bytes:
        """A secret of the keys folder; BadInputError where it is missing."""
        path = self.keys / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise BadInputError(
                f"The key file {name} is missing.",
                place=str(path),
                mend="Run `trustdesk init`, or restore the keys from their backup.",
            ) from None

    def database_passwords(self) -> dict[str, str]:
        """The generated password of each database role."""
        try:
            passwords: dict[str, str] = json.loads(self.secret("database.json"))
        except ValueError:
            raise BadInputError(
                "The passwords of the database can't be read.",
                place=str(self.keys / "database.json"),
                mend="Restore the keys from their backup.",
            ) from None
        return passwords


def current_home() -> Home:
    """The home of this process, from `TRUSTDESK_HOME`."""
    return Home(Path(os.environ.get("TRUSTDESK_HOME", "var")).absolute())


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads: whole or not at all, also after a crash."""
    draft = path.with_name(path.name + ".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
