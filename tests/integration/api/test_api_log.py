"""The log by the interface: its state, its entries, and an export that anybody can verify."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings
from tests.integration.api.calling import SECRETS, Caller, Company

from trustdesk.audit import api as audit
from trustdesk.kernel import clock

ONLY_CONSISTENT = 3  # without a checkpoint that somebody else kept the verifier says no more
VERIFIER = Path(audit.__file__).with_name("verifier.py")


def signed() -> None:
    while audit.sequence_once(clock.now()):
        pass
    audit.sign_checkpoints(clock.now())


def test_the_state_says_how_far_it_is_signed(caller: Caller, north: Company) -> None:
    caller.get(f"/customers/{north.customer}")
    signed()
    state = caller.get("/log/verification").json()
    assert state["signed_size"] > 0
    assert state["signed_at"].endswith("Z")
    assert state["first_bad"] is None


def test_the_export_is_verified_by_the_verifier_alone(caller: Caller, north: Company, tmp_path: Path) -> None:
    caller.get(f"/customers/{north.customer}")
    signed()
    before = set(settings.TRUSTDESK_HOME.data.iterdir())
    response = caller.get("/log/export")
    assert response.status_code == 200, response.text
    assert response.headers["Content-Disposition"] == 'attachment; filename="log.trustdesk"'
    assert response.headers["Cache-Control"] == "no-store"
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert not [secret for secret in SECRETS if secret.encode() in response.content]
    assert set(settings.TRUSTDESK_HOME.data.iterdir()) == before  # nothing is left lying about
    export = tmp_path / "log.trustdesk"
    export.write_bytes(response.content)
    verified = subprocess.run(
        [sys.executable, str(VERIFIER), str(export)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert verified.returncode == ONLY_CONSISTENT, verified.stdout + verified.stderr
    damaged = bytearray(response.content)
    damaged[len(damaged) // 2] ^= 1
    export.write_bytes(bytes(damaged))
    again = subprocess.run(
        [sys.executable, str(VERIFIER), str(export)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert again.returncode not in {0, ONLY_CONSISTENT}, again.stdout


def test_the_log_is_read_in_parts(caller: Caller, north: Company) -> None:
    for _ in range(4):
        caller.get(f"/customers/{north.customer}")
    newest = caller.get("/log/entries", limit=1).json()
    position, seen = newest["next"], [entry["entry_id"] for entry in newest["items"]]
    for _ in range(3):
        page = caller.get("/log/entries", limit=1, cursor=position).json()
        seen += [entry["entry_id"] for entry in page["items"]]
        position = page["next"]
    assert len(set(seen)) == 4
    assert seen == sorted(seen, reverse=True)
