"""The offline verifier against every way in which the holder of database and signing key may cheat."""

import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from tests.unit.audit.exports import a_line, a_note, hand_out, verifier_key, write_export, write_lines

from trustdesk.audit import verifier
from trustdesk.audit.verifier import (
    AGREES,
    ALTERED,
    SELF_CONSISTENT,
    UNREADABLE,
    UnreadableError,
    leaf_hash,
    list_digest,
    main,
    parse_checkpoint,
    parse_key,
    verify,
)
from trustdesk.seal.api import SigningKey

LINES = [a_line(number) for number in range(50)]
KEY = SigningKey.generate()


def edited(lines: list[bytes]) -> list[bytes]:
    return [*lines[:17], lines[17].replace(b"opening", b"closing"), *lines[18:]]


def deleted(lines: list[bytes]) -> list[bytes]:
    return [*lines[:17], *lines[18:]]


def reordered(lines: list[bytes]) -> list[bytes]:
    return [*lines[:17], lines[23], *lines[18:23], lines[17], *lines[24:]]


def inserted(lines: list[bytes]) -> list[bytes]:
    return [*lines[:17], a_line(999), *lines[17:]]


def replaced_with_as_many(lines: list[bytes]) -> list[bytes]:
    return [*lines[:17], *(a_line(number + 1000) for number in range(17, len(lines)))]


REWRITINGS = [edited, deleted, reordered, inserted, replaced_with_as_many]


def test_without_a_checkpoint_kept_outside_it_is_self_consistent_only(tmp_path: Path) -> None:
    report = verify(write_export(tmp_path / "log", LINES, KEY, sizes=[10, 20]))
    assert report.code == SELF_CONSISTENT
    assert report.entries == 50
    assert "SELF-CONSISTENT ONLY" in report.lines[0]


@pytest.mark.parametrize("leaves", [True, False])
def test_an_honest_log_agrees_with_what_was_kept(tmp_path: Path, leaves: bool) -> None:  # noqa: FBT001
    kept = hand_out(tmp_path / "kept", LINES[:40], KEY, sizes=[20, 40], leaves=leaves)
    report = verify(write_export(tmp_path / "log", LINES, KEY), against=[kept])
    assert (report.code, report.entries) == (AGREES, 50)


@pytest.mark.parametrize("rewrite", REWRITINGS)
def test_a_rewritten_and_newly_signed_log_is_self_consistent(
    tmp_path: Path,
    rewrite: Callable[[list[bytes]], list[bytes]],
) -> None:
    """Why the checkpoints must be kept by others: nothing inside the export gives the rewriting away."""
    assert verify(write_export(tmp_path / "log", rewrite(LINES), KEY)).code == SELF_CONSISTENT


@pytest.mark.parametrize("rewrite", REWRITINGS)
def test_the_first_bad_entry_is_named(tmp_path: Path, rewrite: Callable[[list[bytes]], list[bytes]]) -> None:
    kept = hand_out(tmp_path / "kept", LINES, KEY, sizes=[30, 50], leaves=True)
    report = verify(
        write_export(tmp_path / "log", rewrite(LINES), KEY),
        against=[kept, kept.parent / "checkpoint-30.txt"],
    )
    assert (report.code, report.first_bad) == (ALTERED, 17)
    assert "first bad entry is number 17" in report.lines[0]


def test_a_truncated_log_lacks_its_first_missing_entry(tmp_path: Path) -> None:
    kept = hand_out(tmp_path / "kept", LINES, KEY, sizes=[50], leaves=False)
    report = verify(write_export(tmp_path / "log", LINES[:45], KEY), against=[kept])
    assert (report.code, report.first_bad) == (ALTERED, 45)


@pytest.mark.parametrize("rewrite", [edited, reordered, replaced_with_as_many])
def test_without_leaves_the_range_after_the_last_good_checkpoint_is_named(
    tmp_path: Path,
    rewrite: Callable[[list[bytes]], list[bytes]],
) -> None:
    kept = hand_out(tmp_path / "kept", LINES, KEY, sizes=[10, 30, 50], leaves=False)
    report = verify(write_export(tmp_path / "log", rewrite(LINES), KEY), against=sorted(kept.parent.glob("check*")))
    assert (report.code, report.first_bad, report.bad_range) == (ALTERED, None, (10, 30))
    assert "leaves files" in report.lines[-1]


def test_an_edit_without_the_signing_key_shows_by_the_export_alone(tmp_path: Path) -> None:
    leaves = [leaf_hash(line) for line in LINES]
    notes = [a_note(leaves[:size], KEY) for size in (10, 30, 50)]
    write_lines(tmp_path / "log", edited(LINES), notes=notes, size=50, keys=[str(verifier_key(KEY))])
    assert verify(tmp_path / "log").bad_range == (10, 30)


def test_damaged_leaves_are_not_believed(tmp_path: Path) -> None:
    kept = hand_out(tmp_path / "kept", LINES, KEY, sizes=[50], leaves=True)
    (kept.parent / "leaves-0-50.bin").write_bytes(bytes(32 * 50))
    assert verify(write_export(tmp_path / "log", LINES, KEY), against=[kept]).code == AGREES


def test_a_log_signed_with_another_key_is_not_ours(tmp_path: Path) -> None:
    kept = hand_out(tmp_path / "kept", LINES, KEY, sizes=[50], leaves=True)
    report = verify(write_export(tmp_path / "log", LINES, SigningKey.generate()), against=[kept])
    assert report.code == ALTERED
    assert "no known key" in report.lines[0]


def test_a_key_known_from_elsewhere_wins_over_the_export(tmp_path: Path) -> None:
    log = write_export(tmp_path / "log", LINES, SigningKey.generate())
    assert verify(log, keys=[str(verifier_key(KEY))]).code == ALTERED


def test_a_forged_signature_is_refused(tmp_path: Path) -> None:
    note = a_note([leaf_hash(line) for line in LINES], KEY).replace("\n50\n", "\n49\n")
    write_lines(tmp_path / "log", LINES[:49], notes=[note], size=49, keys=[str(verifier_key(KEY))])
    report = verify(tmp_path / "log")
    assert report.code == ALTERED
    assert "signature" in report.lines[0]


def test_entries_after_the_last_checkpoint_are_not_covered(tmp_path: Path) -> None:
    note = a_note([leaf_hash(line) for line in LINES[:49]], KEY)
    write_lines(tmp_path / "log", LINES, notes=[note], size=49, keys=[str(verifier_key(KEY))])
    assert verify(tmp_path / "log").first_bad == 49


def test_a_checkpoint_of_another_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "checkpoint.txt").write_text(a_note([leaf_hash(b"x")], KEY, origin="trustdesk/test/8"))
    report = verify(
        write_export(tmp_path / "log", LINES, KEY),
        against=[tmp_path / "checkpoint.txt"],
        keys=[str(verifier_key(KEY)), str(verifier_key(KEY, "trustdesk/test/8"))],
    )
    assert report.code == ALTERED
    assert "is of the log trustdesk/test/8" in report.lines[0]


def with_list(pieces: list[bytes]) -> bytes:
    digest = list_digest(sha256(piece).digest() for piece in pieces)
    return LINES[0][:-1] + f',"list":"{digest}"'.encode() + b"}"


@pytest.mark.parametrize("written", [[b"two", b"one"], [b"one"], [], [b"one", b"two", b"three"]])
def test_a_changed_list_names_its_entry(tmp_path: Path, written: list[bytes]) -> None:
    leaves = [*LINES[:5], with_list([b"one", b"two"])]
    notes = [a_note([leaf_hash(line) for line in leaves], KEY)]
    honest = [*leaves, b"+one", b"+two"]
    write_lines(tmp_path / "log", honest, notes=notes, size=6, keys=[str(verifier_key(KEY))])
    assert verify(tmp_path / "log").code == SELF_CONSISTENT
    forged = [*leaves, *(b"+" + piece for piece in written)]
    write_lines(tmp_path / "log", forged, notes=notes, size=6, keys=[str(verifier_key(KEY))])
    assert verify(tmp_path / "log").first_bad == 5


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[]\n", b"\xff\xfe\n", b'{"format":"other"}\n', b"null\n"])
def test_what_is_no_export_is_not_checked(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_bytes(content)
    assert main([str(tmp_path / "log")]) == UNREADABLE
    assert capsys.readouterr().out.startswith("NOTHING CHECKED")


def test_a_missing_file_is_not_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nothing")]) == UNREADABLE
    assert "No such file" in capsys.readouterr().out


def test_a_folder_of_checkpoints_may_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = hand_out(tmp_path / "kept", LINES, KEY, sizes=[30, 50], leaves=True)
    log = write_export(tmp_path / "log", LINES, KEY)
    assert main([str(log), "--against", str(kept.parent)]) == AGREES
    assert "AGREES" in capsys.readouterr().out
    assert main([str(log), "--against", str(tmp_path / "kept" / "..")]) == UNREADABLE


def test_it_runs_alone(tmp_path: Path) -> None:
    """One file and an interpreter without our packages: neither the database nor the product is needed."""
    log = write_export(tmp_path / "log", edited(LINES), KEY)
    kept = hand_out(tmp_path / "kept", LINES, KEY, sizes=[50], leaves=True)
    alone = tmp_path / "verifier.py"
    alone.write_text(Path(verifier.__file__).read_text())
    command = [sys.executable, str(alone), str(log), "--against", str(kept)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env={})
    assert (done.returncode, done.stderr) == (ALTERED, "")
    assert "number 17" in done.stdout
    imported = {
        line.split()[1].split(".")[0]
        for line in alone.read_text().splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= set(sys.stdlib_module_names)


GOOD = a_note([leaf_hash(b"a")], KEY).encode()


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\xff" + GOOD,
        GOOD[:-1],
        GOOD.replace(b"\n1\n", b"\n01\n"),
        GOOD.replace(b"\n1\n", b"\n-1\n"),
        GOOD.replace(b"\n1\n", b"\n1\t\n"),
        GOOD.replace("\u2014".encode(), b"--"),
        GOOD.replace(b"\n1\n", b"\n1\nAAAA\n"),
        GOOD.split(b"\n\n")[0] + b"\n\n",
        GOOD + b"\n",
    ],
)
def test_a_note_out_of_form_is_refused(note: bytes) -> None:
    with pytest.raises(UnreadableError):
        parse_checkpoint(note)


def test_unknown_signatures_are_passed_over() -> None:
    """Witnesses add their lines to a checkpoint; who does not know them ignores them (c2sp.org/signed-note)."""
    witness = a_note([leaf_hash(b"a")], SigningKey.generate(), origin="witness.example").splitlines()[-1]
    parse_checkpoint(GOOD + witness.encode() + b"\n").check_signed_by([verifier_key(KEY)])


def test_the_published_example_is_read() -> None:
    """The example of c2sp.org/tlog-checkpoint."""
    note = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\u2014 example.com/behind-the-sofa "
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    checkpoint = parse_checkpoint(note.encode())
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.signatures[0][1] == bytes.fromhex("033de0ae")


def test_keys_are_written_and_read() -> None:
    key = verifier_key(KEY)
    assert parse_key(str(key)) == key
    # The key of the Go checksum database, in the same form.
    assert parse_key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").name == "sum.golang.org"
    for wrong in ("", "a+b+c", str(key).replace("+", "-"), "x" + str(key)):
        with pytest.raises(UnreadableError):
            parse_key(wrong)
