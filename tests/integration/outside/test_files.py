"""CSV files on a real SFTP server: rewritten record by record, replaced in one step, else as they were to the byte."""

from pathlib import Path
from typing import Any

import pytest
from tests.integration.outside.setups import PERSON
from tests.sshd import HOST, FileServer

from trustdesk.kernel.ids import new_id
from trustdesk.outside.contracts import Correction, Fault, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.csv import CsvConnector
from trustdesk.outside.kinds.sftp import Draft
from trustdesk.outside.setups import CsvSetup

HEAD = "nev;email;telefon;jegyzet\r\n"
THEIRS = 'Kovács János;janos.kovacs@example.hu;06 30 123 4567;"szereti; a\r\nteát"\r\n'
OTHERS = 'Őze Űrsula;oze@example.hu;;"idéz ""jel"""\r\nKovács János;masik@example.hu;+36 20 555 5555;névrokon\r\n'
IDENTIFIED = {"email": "email", "telefon": "phone", "nev": "name"}


def place(files: FileServer, content: bytes) -> Path:
    folder = files.files / str(new_id())
    folder.mkdir()
    path = folder / "ügyfelek.csv"
    path.write_bytes(content)
    return path


def connector(
    files: FileServer, path: Path, secret: str | None = None, change: dict[str, Any] | None = None
) -> CsvConnector:
    change = dict(change or {})
    table = {
        "name": str(path),
        "identified": IDENTIFIED,
        "personal": {"nev": "name", "jegyzet": "", "telefon": "phone"},
        **change.pop("table", {}),
    }
    setup = {
        "host": HOST,
        "port": files.port,
        "user": files.user,
        "host_key": files.fingerprint,
        "encoding": "iso-8859-2",
        "delimiter": ";",
        "tables": [table],
        **change,
    }
    return CsvConnector(CsvSetup.model_validate(setup), files.key if secret is None else secret)


def test_their_records_go_and_every_other_byte_stays(files: FileServer) -> None:
    path = place(files, (HEAD + OTHERS + THEIRS + OTHERS).encode("iso-8859-2"))
    path.chmod(0o640)
    with connector(files, path) as there:
        there.check()
        records: list[Record] = []
        there.export(PERSON, records.append)
        done = there.erase(PERSON)
        assert there.erase(PERSON)[0].changed == 0
    assert (done[0].found, done[0].doubtful, done[0].changed) == (1, 0, 1)
    assert records[0].fields["jegyzet"] == "szereti; a\r\nteát"
    assert path.read_bytes() == (HEAD + OTHERS + OTHERS).encode("iso-8859-2")
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.iterdir()) == [path]


def test_cleared_and_corrected_records_keep_the_files_manner(files: FileServer) -> None:
    quoted = '"Kovács János","janos.kovacs@example.hu","+36301234567","x"\n'
    head, other = '\ufeff"nev","email","telefon","jegyzet"\n', '"Őze","oze@example.hu","",""\n'
    path = place(files, (head + quoted + other).encode())
    change = {"encoding": "utf-8", "delimiter": ",", "table": {"fate": "clear", "replacement": "-"}}
    wrong = Correction(attribute="phone", before="+36301234567", after="+36301111111")
    with connector(files, path, change=change) as there:
        assert there.rectify(PERSON, [wrong])[0].changed == 1
        corrected = path.read_text()
        there.erase(PERSON)
    assert corrected == head + quoted.replace("+36301234567", "+36301111111") + other
    assert path.read_text() == head + '"-","-","-","-"\n' + other


def test_what_a_killed_try_left_goes_with_the_next(files: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place(files, (HEAD + THEIRS + OTHERS).encode("iso-8859-2"))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, connector(files, path) as there:
        patched.setattr(Draft, "finish", killed)
        patched.setattr("paramiko.SFTPClient.remove", killed)
        with pytest.raises(KeyboardInterrupt):
            there.erase(PERSON)
    assert len(list(path.parent.iterdir())) == 2, "the draft is there: nothing could clear it away"
    with connector(files, path) as there:
        assert there.erase(PERSON)[0].changed == 1
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_changes_meanwhile_is_left_as_it_became(files: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place(files, (HEAD + THEIRS).encode("iso-8859-2"))
    finish = Draft.finish

    def meanwhile(self: Draft) -> None:
        finish(self)
        with path.open("ab") as file:
            file.write(b"new;new@example.hu;;\r\n")

    monkeypatch.setattr(Draft, "finish", meanwhile)
    with connector(files, path) as there, pytest.raises(OutsideError) as told:
        there.erase(PERSON)
    assert told.value.fault is Fault.BUSY
    assert path.read_bytes().endswith(b"new;new@example.hu;;\r\n")
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"host_key": "SHA256:" + "A" * 43}, Fault.IDENTITY),
        ({"port": 1}, Fault.UNREACHABLE),
        ({"host": "169.254.1.1"}, Fault.NOT_ALLOWED),
        ({"encoding": "utf-8"}, Fault.UNREADABLE),
        ({"delimiter": ","}, Fault.SCHEMA),
        ({"table": {"name": "/no/such/file.csv"}}, Fault.SCHEMA),
        ({"table": {"identified": {"mail": "email"}}}, Fault.SCHEMA),
        ({"secret": "wrong"}, Fault.SIGN_IN),
    ],
)
def test_what_is_wrong_is_told_apart(files: FileServer, change: dict[str, Any], fault: Fault) -> None:
    path = place(files, (HEAD + THEIRS).encode("iso-8859-2"))
    secret = change.get("secret")
    change = {name: value for name, value in change.items() if name != "secret"}
    with connector(files, path, secret, change) as there, pytest.raises(OutsideError) as told:
        there.find(PERSON, lambda _sample: None)
    assert told.value.fault is fault
    assert "janos" not in str(told.value).lower()


def test_a_huge_file_is_streamed_with_flat_memory(files: FileServer) -> None:
    line = f"Nagy Éva;eva.nagy@example.hu;+36 70 111 2222;{'semmi különös ' * 200}\r\n".encode("iso-8859-2")
    theirs = THEIRS.encode("iso-8859-2")
    path = place(files, HEAD.encode("iso-8859-2") + line * 10_000 + theirs + line * 1_000)
    size = path.stat().st_size
    with connector(files, path) as there:
        there.check()
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (proc(5))
        before = _most_memory()
        counts = there.erase(PERSON)
        grown = _most_memory() - before
    assert counts[0].changed == 1
    assert path.stat().st_size == size - len(theirs)
    assert size > 30_000_000
    assert grown < 12_000_000


def _most_memory() -> int:
    said = Path("/proc/self/status").read_text()
    return int(said.split("VmHWM:")[1].split()[0]) * 1024
