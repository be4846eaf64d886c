"""Buckets of a real object store (see `swift_server.py`), and a client beside the one that is tested."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from minio import Minio
from minio.commonconfig import ENABLED
from minio.versioningconfig import VersioningConfig
from tests.ports import free_port

SECRET = "a-long-secret"
KEEPER, GUEST = "shop:keeper", "shop:guest"


@dataclass(frozen=True)
class Store:
    """`KEEPER` may do everything, `GUEST` is known and may do nothing."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> Minio:
        return Minio(f"127.0.0.1:{self.port}", KEEPER, SECRET, secure=False, region="us-east-1")

    def bucket(self, name: str, *, versions: bool = True) -> str:
        self.client.make_bucket(name)
        if versions:
            self.client.set_bucket_versioning(name, VersioningConfig(ENABLED))
        return name

    def put(self, bucket: str, key: str, content: bytes = b"content") -> None:
        self.client.put_object(bucket, key, BytesIO(content), len(content))

    def keys(self, bucket: str) -> list[str]:
        """Every version of everything, deleted ones and their markers too."""
        found = self.client.list_objects(bucket, recursive=True, include_version=True)
        return sorted(one.object_name or "" for one in found)


@contextmanager
def store(folder: Path) -> Iterator[Store]:
    port = free_port()
    program = Path(__file__).with_name("swift_server.py")
    with (folder / "swift.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(program), str(folder), str(port), SECRET],
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"listening\n", (folder / "swift.log").read_text()[-4000:]
        yield Store(port)
    finally:
        process.kill()
        process.communicate()
