"""The ways in, each against the real thing: a folder, OpenSSH's SFTP, an interface over HTTP."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from tests.integration.feeds.feeding import READING, Register, Room, rows, table
from tests.integration.feeds.web import Interface
from tests.sshd import HOST, FileServer

from trustdesk.feeds import api as feeds
from trustdesk.feeds import places
from trustdesk.feeds.contracts import DeliveryState, Transport
from trustdesk.feeds.samples.changes import SAMPLES
from trustdesk.feeds.services import receiving
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.outside.contracts import Fault


def old(path: Path) -> Path:
    """As if it had been written a while ago."""
    os.utime(path, (time.time() - 60, time.time() - 60))
    return path


def dropped(room: Room, name: str, content: bytes) -> Path:
    folder = places.drops(room.id) / "post"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return old(folder / name)


@pytest.fixture
def folder(room: Room) -> int:
    return room.feed(Transport.FOLDER, setup={"folder": "post", "pattern": "*.csv"})


def test_a_whole_file_of_the_folder_is_taken_and_taken_away(room: Room, register: Register, folder: int) -> None:
    path = dropped(room, "monday.csv", table(rows(2)))
    room.run(folder)
    (taken,) = room.deliveries(folder)
    assert (taken.state, taken.counts) == (DeliveryState.DONE, {"updated": 2})
    assert taken.place.startswith("monday.csv:")
    assert not path.exists()
    assert room.view(folder).fault is None
    assert room.view(folder).asked_at is not None


def test_what_is_not_whole_or_not_wanted_stays(room: Room, register: Register, folder: int, tmp_path: Path) -> None:
    content = table(rows(2))
    for name in ("half.csv.part", "half.csv.filepart", ".hidden.csv", "other.txt"):
        dropped(room, name, content)
    fresh = dropped(room, "fresh.csv", content)
    fresh.touch()
    secret = old(tmp_path / "elsewhere.csv") if (tmp_path / "elsewhere.csv").write_bytes(content) else tmp_path
    (fresh.parent / "link.csv").symlink_to(secret)
    (fresh.parent / "folder.csv").mkdir()
    room.run(folder)
    assert room.deliveries(folder) == []
    assert len(list(fresh.parent.iterdir())) == 7
    assert secret.exists()


def test_a_file_that_is_written_to_while_it_is_read_is_not_taken(
    room: Room, folder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = dropped(room, "busy.csv", table(rows(2)))
    fstat = os.fstat

    def grown(handle: int) -> os.stat_result:
        with path.open("ab") as more:
            more.write(b"x")
        return fstat(handle)

    monkeypatch.setattr("trustdesk.feeds.transports.folder.os.fstat", grown)
    room.run(folder)
    assert room.deliveries(folder) == []
    assert room.view(folder).fault is Fault.BUSY
    assert path.exists()
    assert places.files_of(room.id) == []


def test_one_that_was_stored_before_the_kill_is_only_taken_away(room: Room, register: Register, folder: int) -> None:
    content = table(rows(2))
    path = dropped(room, "monday.csv", content)
    changed = path.stat()
    room.run(folder)
    path.write_bytes(content)
    os.utime(path, ns=(changed.st_atime_ns, changed.st_mtime_ns))
    room.again()
    room.run(folder)
    assert not path.exists()
    assert len(room.deliveries(folder)) == 1


@pytest.mark.parametrize("name", ["../other", "/etc", "a/b", "", ".", "..", "a\\b"])
def test_no_folder_leads_out_of_the_companys(room: Room, name: str) -> None:
    with pytest.raises(BadInputError):
        room.feed(Transport.FOLDER, setup={"folder": name})


def test_the_folders_of_two_companies_are_not_one(room: Room, neighbor: Room, register: Register) -> None:
    mine = room.feed(Transport.FOLDER, setup={"folder": "post"})
    theirs = neighbor.feed(Transport.FOLDER, setup={"folder": "post"})
    dropped(room, "monday.csv", table(rows(1)))
    neighbor.run(theirs)
    assert neighbor.deliveries(theirs) == []
    room.run(mine)
    assert len(room.deliveries(mine)) == 1


@pytest.fixture
def server(files: FileServer) -> Path:
    folder = files.files / f"feed{time.monotonic_ns()}"
    folder.mkdir()
    return folder


def sftp(room: Room, files: FileServer, folder: Path, **other: object) -> int:
    setup = {
        "host": HOST,
        "port": files.port,
        "user": files.user,
        "host_key": files.fingerprint,
        "folder": str(folder),
        **{name: value for name, value in other.items() if name != "secret"},
    }
    return room.feed(Transport.SFTP, setup=setup, secret=str(other.get("secret", files.key)))


def looked(room: Room, feed_id: int, times: int = 2) -> None:
    for _look in range(times):
        room.again()
        room.run(feed_id)


def test_a_file_that_looks_the_same_twice_is_fetched_once(
    room: Room, register: Register, files: FileServer, server: Path
) -> None:
    feed_id = sftp(room, files, server, pattern="*.csv")
    (server / "monday.csv").write_bytes(table(rows(2_000)))
    (server / "tuesday.csv.part").write_bytes(table(rows(1, first=9_000)))
    looked(room, feed_id, 1)
    assert room.deliveries(feed_id) == [], "it may be half of it"
    looked(room, feed_id, 3)
    (taken,) = room.deliveries(feed_id)
    assert taken.counts == {"updated": 2_000}
    assert (server / "monday.csv").exists()
    (server / "monday.csv").write_bytes(table(rows(2_001)))
    os.utime(server / "monday.csv", (time.time() + 5, time.time() + 5))
    looked(room, feed_id, 2)
    assert len(room.deliveries(feed_id)) == 2


def test_what_was_fetched_is_removed_where_the_feed_says_so(
    room: Room, register: Register, files: FileServer, server: Path
) -> None:
    feed_id = sftp(room, files, server, remove=True)
    (server / "monday.csv").write_bytes(table(rows(2)))
    looked(room, feed_id)
    assert len(room.deliveries(feed_id)) == 1
    assert list(server.iterdir()) == []


def test_a_server_with_another_key_gets_no_secret(room: Room, files: FileServer, server: Path) -> None:
    feed_id = sftp(room, files, server, host_key="SHA256:" + "A" * 43)
    room.run(feed_id)
    held = room.view(feed_id)
    assert held.fault is Fault.IDENTITY
    assert held.failing_since is not None
    assert held.next_at is not None
    assert held.next_at > clock.now()
    assert feeds.standing(room.context()).failing == 1


def test_a_folder_that_is_not_there_is_said_so(room: Room, files: FileServer, server: Path) -> None:
    feed_id = sftp(room, files, server / "nowhere")
    room.run(feed_id)
    assert room.view(feed_id).fault is Fault.SCHEMA


@pytest.fixture
def interface() -> Iterator[Interface]:
    with Interface() as made:
        yield made


def pulled(room: Room, interface: Interface, **setup: object) -> int:
    given = {
        "address": interface.url,
        "path": "/changes?after={cursor}",
        "records": "/changes",
        "next_cursor": "/last",
        "first_cursor": "0",
        **setup,
    }
    return room.feed(Transport.HTTP, setup=given, format="jsonl", reading=READING, secret="the password")


def test_pages_are_asked_for_until_there_is_no_more(room: Room, register: Register, interface: Interface) -> None:
    interface.changes = list(rows(5))
    feed_id = pulled(room, interface)
    room.run(feed_id)
    assert room.counts(feed_id) == {"updated": 5}
    assert len(room.deliveries(feed_id)) == 3
    assert room.view(feed_id).cursor == "5"
    assert interface.asked[0][2]["Authorization"] == "Bearer the password"
    interface.changes += rows(1, first=6)
    interface.asked.clear()
    room.again()
    room.run(feed_id)
    assert interface.asked[0][1] == "/changes?after=5"
    assert room.counts(feed_id) == {"updated": 6}


def test_a_cursor_that_is_a_number_stands_in_the_body_as_one(
    room: Room, register: Register, interface: Interface
) -> None:
    interface.changes = list(rows(3))
    feed_id = pulled(room, interface, method="POST", path="/changes", body={"after": "{cursor}"}, first_cursor=0)
    room.run(feed_id)
    assert room.counts(feed_id) == {"updated": 3}
    assert json.loads(interface.asked[1][3]) == {"after": 2}


def test_a_page_that_could_not_be_stored_is_asked_for_again(
    room: Room, register: Register, interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    interface.changes = list(rows(4))
    feed_id = pulled(room, interface)
    made, calls = receiving._made, [0]

    def full(*given: object, **named: object) -> object:
        calls[0] += 1
        if calls[0] == 2:
            raise OSError(28, "No space left on device")
        return made(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(receiving, "_made", full)
    room.run(feed_id)
    assert room.view(feed_id).cursor == "2", "the first page, and no more"
    assert room.view(feed_id).fault is not None
    room.again()
    room.run(feed_id)
    assert room.counts(feed_id) == {"updated": 4}
    assert room.view(feed_id).cursor == "4"


def test_from_the_start_again_nothing_changes(room: Room, register: Register, interface: Interface) -> None:
    interface.changes = list(rows(4))
    feed_id = pulled(room, interface)
    room.run(feed_id)
    interface.page = 3  # other pages, so other content
    feeds.start_over(room.context(), feed_id=feed_id)
    room.run(feed_id)
    assert room.counts(feed_id) == {"updated": 4, "before": 4}
    feeds.start_over(room.context(), feed_id=feed_id)
    room.run(feed_id)
    assert room.counts(feed_id) == {"updated": 4, "before": 4}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), Fault.UNREADABLE),
        ((401, {}, b""), Fault.SIGN_IN),
        ((429, {}, b""), Fault.BUSY),
        ((500, {}, b""), Fault.UNREACHABLE),
        ((200, {}, b"<html>"), Fault.UNREADABLE),
        ((200, {}, b'{"changes": [1]}'), Fault.SCHEMA),
        ((200, {}, b'{"last": 3}'), Fault.SCHEMA),
        (None, Fault.UNREACHABLE),
    ],
)
def test_what_does_not_work_is_said_and_tried_again(
    room: Room, interface: Interface, answer: tuple[int, dict[str, str], bytes] | None, fault: Fault
) -> None:
    interface.fault = lambda: answer
    feed_id = pulled(room, interface)
    room.run(feed_id)
    held = room.view(feed_id)
    assert held.fault is fault
    assert held.next_at is not None
    room.run(feed_id)
    assert len(interface.asked) == 1, "not before its time has come"


def test_addresses_that_may_not_be_called_are_not(room: Room, interface: Interface) -> None:
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=[]):
        feed_id = pulled(room, interface)
        room.run(feed_id)
    assert room.view(feed_id).fault is Fault.NOT_ALLOWED
    assert interface.asked == []


def test_the_secret_goes_to_no_other_place(room: Room, interface: Interface) -> None:
    feed_id = pulled(room, interface)
    held = room.view(feed_id)
    assert held.has_secret
    other = {**held.setup, "address": "https://elsewhere.example"}
    with pytest.raises(BadInputError) as refused:
        room.change(feed_id, setup=other, format="jsonl")
    assert refused.value.place == "secret"
    room.change(feed_id, setup={**held.setup, "records": ""}, format="jsonl")
    assert room.view(feed_id).has_secret


@pytest.mark.parametrize(
    ("transport", "setup", "place"),
    [
        (Transport.HTTP, {"address": "ftp://x", "path": "/{cursor}", "next_cursor": "/n"}, "address"),
        (Transport.HTTP, {"address": "https://a:b@x", "path": "/{cursor}", "next_cursor": "/n"}, "address"),
        (Transport.HTTP, {"address": "https://x", "path": "/all", "next_cursor": "/n"}, "setup"),
        (Transport.HTTP, {"address": "https://x", "path": "/{secret}", "next_cursor": "/n"}, "setup"),
        (Transport.SFTP, {"host": "x", "user": "u", "host_key": "MD5:x"}, "host_key"),
        (Transport.WEBHOOK, {"address": "https://x"}, "address"),
    ],
)
def test_a_setup_that_does_not_fit(room: Room, transport: Transport, setup: dict[str, object], place: str) -> None:
    with pytest.raises(BadInputError) as refused:
        room.feed(transport, setup=setup)
    assert refused.value.place == place


def test_a_feed_keeps_its_name_and_way_in(room: Room) -> None:
    feed_id = room.feed(name="Post")
    with pytest.raises(ConflictError):
        room.feed(name="Post")
    new = room.declared(Transport.WEBHOOK)
    with pytest.raises(ConflictError):
        feeds.save_feed(room.context(), feed_id=feed_id, new=new, now=clock.now())


@pytest.mark.parametrize(
    ("other", "place"),
    [
        ({"name": " "}, "name"),
        ({"country": "Finland"}, "country"),
        ({"kinds": frozenset()}, "kinds"),
        ({"every_minutes": 0}, "every_minutes"),
        ({"format": "fax"}, "format"),
        ({"reading": {"columns": {"a": "person:family_name"}}}, "as_of"),
    ],
)
def test_a_feed_that_does_not_fit(room: Room, other: dict[str, object], place: str) -> None:
    with pytest.raises(BadInputError) as refused:
        room.feed(**other)  # type: ignore[arg-type]
    assert refused.value.place == place


def test_changes_come_from_a_source_that_is_a_feed(room: Room) -> None:
    with pytest.raises(BadInputError) as refused:
        room.feed(source_id=room.company.imported)
    assert refused.value.place == "source_id"


def test_the_population_registers_own_pages_are_asked_for_and_read(room: Room, register: Register) -> None:
    page = SAMPLES["dvv"].content
    last = json.loads(page)["viimeisinKirjausavain"]

    def answer() -> tuple[int, dict[str, str], bytes]:
        asked = json.loads(population.asked[-1][3])["viimeisinKirjausavain"]
        empty = json.dumps({"viimeisinKirjausavain": last, "muutokset": []}).encode()
        return 200, {}, empty if asked == last else page

    with Interface(fault=answer) as population:
        setup = {
            "address": population.url,
            "method": "POST",
            "path": "/api/v1/muutokset",
            "body": {"viimeisinKirjausavain": "{cursor}"},
            "records": "/muutokset",
            "next_cursor": "/viimeisinKirjausavain",
            "first_cursor": 0,
        }
        feed_id = room.feed(Transport.HTTP, setup=setup, format="dvv", reading={}, secret="the password")
        room.run(feed_id)
        assert [json.loads(one[3])["viimeisinKirjausavain"] for one in population.asked] == [0, last]
    (taken,) = room.deliveries(feed_id)
    assert taken.state is DeliveryState.DONE
    assert taken.counts.get("updated", 0) > 0
    assert room.view(feed_id).cursor == str(last)
