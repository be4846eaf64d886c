"""What the client company receives each day, and what it can do with it alone."""

import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from tests.integration.audit.conftest import NORTH, Log

from trustdesk.audit import api, privacy
from trustdesk.audit.verifier import AGREES, leaf_hash, verify
from trustdesk.kernel.context import Opening
from trustdesk.kernel.errors import ConflictError

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def a_day(log: Log, entries: int, now: datetime) -> None:
    context = log.context()
    for number in range(entries):
        context.journal.opening(context, Opening("register.card", [number], ["name"]))
    api.sequence_once(now)
    api.sign_checkpoints(now)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_day_adds_a_checkpoint_and_the_leaves_since(log: Log, tmp_path: Path) -> None:
    a_day(log, 3, NOW)
    api.hand_out(NORTH, NOW)
    a_day(log, 2, NOW + timedelta(days=1))
    path = api.hand_out(NORTH, NOW + timedelta(days=1))
    assert names(path.parent) == [
        "checkpoint-2026-11-22-3.txt",
        "checkpoint-2026-11-23-5.txt",
        "key.txt",
        "leaves-0-3.bin",
        "leaves-3-5.bin",
    ]
    assert {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()} == {0o600}
    state = api.verification_state(log.context())
    assert (state.handed_out_size, state.handed_out_at) == (5, NOW + timedelta(days=1))
    export = api.export(log.context(), out=tmp_path / "log.txt").path
    key = (path.parent / "key.txt").read_text()
    report = verify(export, against=sorted(path.parent.glob("checkpoint-*")), keys=[key])
    assert (report.code, report.agreed_upto) == (AGREES, 5)


def test_a_day_without_entries_adds_no_leaves(log: Log) -> None:
    a_day(log, 1, NOW)
    api.hand_out(NORTH, NOW)
    path = api.hand_out(NORTH, NOW + timedelta(days=1))
    assert names(path.parent)[-1] == "leaves-0-1.bin"
    assert path.name == "checkpoint-2026-11-23-1.txt"


def test_the_letter_carries_checkpoint_and_leaves_to_each_alone(log: Log) -> None:
    a_day(log, 2, NOW)
    path = api.hand_out(NORTH, NOW, recipients=["officer@north.example", "witness@law.example"])
    assert [letter.to for letter in mail.outbox] == [["officer@north.example"], ["witness@law.example"]]
    attached = {name: content for name, content, _ in mail.outbox[0].attachments}
    assert attached == {path.name: path.read_text(), "leaves-0-2.bin": (path.parent / "leaves-0-2.bin").read_bytes()}


def test_a_letter_that_does_not_leave_is_tried_again(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_letter: EmailMessage) -> int:
        raise ConnectionRefusedError

    a_day(log, 2, NOW)
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", refuse)
        with pytest.raises(ConnectionRefusedError):
            api.hand_out(NORTH, NOW, recipients=["officer@north.example"])
    assert api.verification_state(log.context()).handed_out_at is None
    api.hand_out(NORTH, NOW, recipients=["officer@north.example"])
    assert len(mail.outbox) == 1
    assert api.verification_state(log.context()).handed_out_size == 2


def test_nothing_signed_is_nothing_to_hand_out(log: Log) -> None:
    with pytest.raises(ConflictError):
        api.hand_out(NORTH, NOW)


def test_a_hash_can_be_made_by_hand(log: Log, tmp_path: Path) -> None:
    """As docs/how-to/verify.md says: with sed and sha256sum alone."""
    a_day(log, 2, NOW)
    kept = api.hand_out(NORTH, NOW)
    export = api.export(log.context(), out=tmp_path / "log.txt").path
    command = f"(printf '\\0'; sed -n 2p {export} | head -c -1) | sha256sum"
    by_hand = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.split()[0]
    leaves = (kept.parent / "leaves-0-2.bin").read_bytes()
    assert by_hand == leaves[:32].hex() == leaf_hash(export.read_bytes().split(b"\n")[1]).hex()


def test_the_customer_learns_when_and_why_but_not_who(log: Log) -> None:
    a_day(log, 3, NOW)
    told = list(privacy.export_of(log.context(), 1))
    assert [(one["what"], one["purpose"]) for one in told][-1] == ("register.card", "service")
    assert all(set(one) == {"kind", "at", "what", "purpose", "fields"} for one in told)
    assert privacy.erase(log.context(), [(1,), (2, 3)]) == [0, 0]
