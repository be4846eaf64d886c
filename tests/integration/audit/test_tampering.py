"""The owner of the tables, who also holds the signing key, against a stranger with the files handed out."""

import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.integration.audit.conftest import NORTH, Log

from trustdesk.audit import api
from trustdesk.audit.services import journal as writing
from trustdesk.audit.verifier import AGREES, ALTERED, SELF_CONSISTENT, verify
from trustdesk.kernel.context import Opening

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BAD = 13


@pytest.fixture
def kept(log: Log, tmp_path: Path) -> Path:
    """Twenty entries, handed out in two parts; ten more afterwards. The folder that the client company kept."""
    for count, handed_out in ((10, True), (10, True), (10, False)):
        write(log, count)
        api.sequence_once(NOW)
        api.sign_checkpoints(NOW)
        if handed_out:
            path = api.hand_out(NORTH, NOW)
    folder = tmp_path / "kept"
    path.parent.rename(folder)
    return folder


def write(log: Log, count: int) -> None:
    context = log.context()
    journal = writing.DatabaseJournal(lambda: NOW)
    for number in range(count):
        journal.opening(context, Opening("register.card", [number], ["name"]))


def entry(log: Log, index: int) -> int:
    return int(
        log.execute("SELECT entry_id FROM audit_leaf WHERE controller_id = 901 AND leaf_index = %s", index)[0][0],
    )


def edit_time(log: Log) -> None:
    log.execute("UPDATE audit_entry SET at = at + interval '1 hour' WHERE id = %s", entry(log, BAD))


def edit_body(log: Log) -> None:
    log.execute("UPDATE audit_entry SET body = set_byte(body, 30, 0) WHERE id = %s", entry(log, BAD))


def move_body(log: Log) -> None:
    log.execute(
        "UPDATE audit_entry e SET body = o.body FROM audit_entry o WHERE e.id = %s AND o.id = %s",
        entry(log, BAD),
        entry(log, 3),
    )


def delete_row(log: Log) -> None:
    log.execute("DELETE FROM audit_entry WHERE id = %s", entry(log, BAD))


def delete_everywhere(log: Log) -> None:
    gone = entry(log, BAD)
    log.execute("DELETE FROM audit_entry WHERE id = %s", gone)
    log.execute("DELETE FROM audit_leaf WHERE entry_id = %s", gone)


def reorder(log: Log) -> None:
    log.execute("UPDATE audit_leaf SET leaf_index = leaf_index + 1000 WHERE leaf_index IN (%s, %s)", BAD, BAD + 3)
    log.execute("UPDATE audit_leaf SET leaf_index = %s WHERE leaf_index = %s", BAD + 3, BAD + 1000)
    log.execute("UPDATE audit_leaf SET leaf_index = %s WHERE leaf_index = %s", BAD, BAD + 1003)


def truncate(log: Log) -> None:
    log.execute("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_leaf WHERE leaf_index >= %s)", BAD)
    log.execute("DELETE FROM audit_leaf WHERE leaf_index >= %s", BAD)


def sign_anew(log: Log) -> None:
    """Number all rows that are left again and sign the new tree with the real key, as the holder of both can."""
    for table in ("audit_leaf", "audit_node", "audit_tree", "audit_checkpoint", "audit_handout"):
        log.execute(f"TRUNCATE {table}")
    log.execute("UPDATE audit_position SET xid = '0', controller_id = -1, entry_id = 0")
    api.sequence_once(NOW)
    api.sign_checkpoints(NOW)


def export(log: Log, tmp_path: Path) -> Path:
    return api.export(log.context(), out=tmp_path / "log.txt").path


ATTACKS = [edit_time, edit_body, move_body, delete_row, delete_everywhere, reorder, truncate]
REWRITABLE = [edit_time, edit_body, move_body, delete_row, truncate]


def test_the_honest_log_agrees(log: Log, kept: Path, tmp_path: Path) -> None:
    path = export(log, tmp_path)
    assert verify(path).code == SELF_CONSISTENT
    report = verify(path, against=sorted(kept.glob("checkpoint-*")))
    assert (report.code, report.entries, report.lines) == (
        AGREES,
        30,
        ["AGREES: the first 20 of 30 entries are those of the checkpoint kept."],
    )
    assert api.check(NORTH, NOW) is None


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_altered_row_is_named(log: Log, kept: Path, tmp_path: Path, attack: Callable[[Log], None]) -> None:
    attack(log)
    path = export(log, tmp_path)
    report = verify(path, against=sorted(kept.glob("checkpoint-*")))
    assert (report.code, report.first_bad) == (ALTERED, BAD)
    # Without the signing key it shows by the export alone, though not where; our own check knows the leaves.
    assert verify(path).code == ALTERED
    # Where leaves and entries were altered alike, no more is known than the last good checkpoint.
    found = 10 if attack in {reorder, delete_everywhere} else BAD
    assert api.check(NORTH, NOW) == found
    state = api.verification_state(log.context())
    assert (state.checked_at, state.first_bad) == (NOW, found)


@pytest.mark.parametrize("attack", REWRITABLE)
def test_a_rewritten_tree_signed_anew_is_caught_by_what_was_kept(
    log: Log,
    kept: Path,
    tmp_path: Path,
    attack: Callable[[Log], None],
) -> None:
    attack(log)
    sign_anew(log)
    path = export(log, tmp_path)
    assert verify(path).code == SELF_CONSISTENT
    assert api.check(NORTH, NOW) is None
    report = verify(path, against=[max(kept.glob("checkpoint-*"), key=lambda one: one.stat().st_mtime_ns)])
    assert (report.code, report.first_bad, report.lines) == (ALTERED, BAD, report.lines[:1])


def test_a_row_smuggled_in_and_signed_anew_is_caught(log: Log, kept: Path, tmp_path: Path) -> None:
    log.execute("ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY")
    log.execute(
        "INSERT INTO audit_entry (controller_id, id, at, kind, key_period, body, xid)"
        " SELECT controller_id, 9223372036854775807, at, kind, key_period, body, xid FROM audit_entry WHERE id = %s",
        entry(log, BAD - 1),
    )
    log.execute("ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY")
    sign_anew(log)
    report = verify(export(log, tmp_path), against=sorted(kept.glob("checkpoint-*")))
    assert (report.code, report.first_bad) == (ALTERED, BAD)


def test_without_the_leaves_the_range_is_named(log: Log, kept: Path, tmp_path: Path) -> None:
    for leaves in kept.glob("leaves-*"):
        leaves.unlink()
    edit_time(log)
    sign_anew(log)
    report = verify(export(log, tmp_path), against=sorted(kept.glob("checkpoint-*")))
    assert (report.code, report.first_bad, report.bad_range) == (ALTERED, None, (10, 20))


def test_an_edited_piece_of_a_list_is_named(log: Log, tmp_path: Path) -> None:
    context = log.context()
    write(log, 2)
    context.journal.opening(context, Opening("register.search", range(2001), ["name"]))
    api.sequence_once(NOW)
    api.sign_checkpoints(NOW)
    kept = api.hand_out(NORTH, NOW)
    path = export(log, tmp_path)
    assert verify(path, against=[kept]).code == AGREES
    log.execute("UPDATE audit_list SET body = set_byte(body, 30, 0) WHERE number = 1")
    assert verify(export(log, tmp_path), against=[kept]).first_bad == 2
    log.execute("DELETE FROM audit_list WHERE number = 2")
    assert verify(export(log, tmp_path), against=[kept]).first_bad == 2


def test_the_export_names_nobody(log: Log, tmp_path: Path) -> None:
    context = log.context(operator_id=7_654_321_987)
    context.journal.opening(context, Opening("register.card", [4_712_345_678], ["name"], "Kovács János calls"))
    api.sequence_once(NOW)
    api.sign_checkpoints(NOW)
    text = export(log, tmp_path).read_text()
    for secret in ("7654321987", "4712345678", "Kov", "register.card", "a-session"):
        assert secret not in text


def test_the_export_of_another_controller_holds_nothing_of_ours(log: Log, kept: Path, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no checkpoint yet"):
        api.export(log.context(902), out=tmp_path / "theirs")
    assert not list(tmp_path.glob("theirs*"))


def test_the_installations_log_is_exported_for_the_witness(log: Log, kept: Path, tmp_path: Path) -> None:
    api.sequence_once(NOW)
    api.sign_checkpoints(NOW)
    checkpoint = api.hand_out(api.INSTALLATION, NOW, witness=tmp_path / "witness")
    summary = api.export_installation(out=tmp_path / "installation.txt")
    assert summary.entries == 3
    assert verify(summary.path, against=[tmp_path / "witness" / "0" / checkpoint.name]).code == AGREES


def test_a_full_disk_leaves_no_half_export(log: Log, kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "log.txt"
    export(log, tmp_path)
    before = out.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            export(log, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.glob("log*")] == ["log.txt"]
