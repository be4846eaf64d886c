"""An object store in one process: OpenStack Swift's own proxy, account, container and object servers with its S3
interface, signatures and versions, on one disk. Started by `buckets.py` as a program; prints its port when it listens.
"""

# ruff: noqa: E402 - eventlet has to come before what it changes
import eventlet

eventlet.monkey_patch()

import logging
import sys
from pathlib import Path

import eventlet.wsgi
from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.storage_policy import reload_storage_policies
from swift.common.wsgi import SwiftHttpProtocol, loadapp

HOST = "127.0.0.1"
_HASH = """
[swift-hash]
swift_hash_path_suffix = tests
[storage-policy:0]
name = only
default = yes
"""
_STORE = """
[DEFAULT]
devices = {folder}/disks
mount_check = false
swift_dir = {folder}
[app:main]
use = egg:swift#{kind}
"""
_PROXY = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth copy slo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
dns_compliant_bucket_names = true
[filter:tempauth]
use = egg:swift#tempauth
user_shop_keeper = {secret} .admin
user_shop_guest = {secret}
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:symlink]
use = egg:swift#symlink
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
allow_object_versioning = true
"""


def main(folder: Path, port: int, secret: str) -> None:
    logging.getLogger().setLevel(logging.CRITICAL)
    (folder / "disks" / "sda").mkdir(parents=True)
    (folder / "swift.conf").write_text(_HASH)
    utils.set_swift_dir(str(folder))
    reload_storage_policies()
    for kind in ("account", "container", "object"):
        listening = eventlet.listen((HOST, 0))
        _ring(folder, kind, listening.getsockname()[1])
        _serve(folder, kind, _STORE.format(folder=folder, kind=kind), listening)
    listening = eventlet.listen((HOST, port))
    _serve(folder, "proxy", _PROXY.format(folder=folder, secret=secret), listening)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    while True:
        eventlet.sleep(3600)


def _ring(folder: Path, kind: str, port: int) -> None:
    builder = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "ip": HOST, "port": port, "device": "sda", "weight": 1})
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


def _serve(folder: Path, kind: str, settings: str, listening: object) -> None:
    path = folder / f"{kind}-server.conf"
    path.write_text(settings)
    app = loadapp(str(path), global_conf={"log_level": "CRITICAL", "log_address": str(folder / "no-syslog")})
    eventlet.spawn(
        eventlet.wsgi.server, listening, app, logging.getLogger("swift"), protocol=SwiftHttpProtocol, log_output=False
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
