"""A write that is sent again is done once."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.api.calling import PERSON, Caller, Company, add_customer

from trustdesk.api.idempotency import REPLAYED
from trustdesk.isolation.api import raw_pool
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register


@pytest.fixture
def notes(north: Company) -> str:
    return f"/customers/{to_public(add_customer(north))}/notes"


def written(caller: Caller, notes: str) -> list[str]:
    return [note["text"] for note in caller.get(notes.removesuffix("/notes")).json()["notes"]]


def test_the_same_request_gives_the_same_answer_and_is_done_once(caller: Caller, notes: str) -> None:
    key = str(uuid.uuid4())
    first = caller.post(notes, {"text": "Once."}, key=key)
    again = caller.post(notes, {"text": "Once."}, key=f'"{key}"')  # RFC 9651's string is the same key
    assert (first.status_code, first.content, first.headers["Location"]) == (
        again.status_code,
        again.content,
        again.headers["Location"],
    )
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "?1"
    assert written(caller, notes) == ["Once."]


def test_another_request_under_the_same_key_is_refused(caller: Caller, notes: str, north: Company) -> None:
    key = str(uuid.uuid4())
    assert caller.post(notes, {"text": "One."}, key=key).status_code == 201
    other = f"/customers/{to_public(add_customer(north))}/notes"
    for path, body in ((notes, {"text": "Two."}), (other, {"text": "One."}), (notes + "?x=1", {"text": "One."})):
        response = caller.post(path, body, key=key)
        assert (response.status_code, response.json()["code"]) == (422, "key-reused")
    assert written(caller, notes) == ["One."]


def test_a_key_belongs_to_its_token(caller: Caller, north: Company, notes: str) -> None:
    key = str(uuid.uuid4())
    other = Caller(caller.base, north.token().secret, client=caller.client)
    assert caller.post(notes, {"text": "Mine."}, key=key).status_code == 201
    response = other.post(notes, {"text": "Theirs."}, key=key)
    assert response.status_code == 201
    assert REPLAYED not in response.headers
    assert sorted(written(caller, notes)) == ["Mine.", "Theirs."]


def test_a_refused_write_is_not_remembered(caller: Caller, notes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = str(uuid.uuid4())
    with monkeypatch.context() as patched:
        patched.setattr(register, "add_note", raising(ConflictError("later")))
        assert caller.post(notes, {"text": "Late."}, key=key).status_code == 409
        patched.setattr(register, "add_note", raising(RuntimeError("broken")))
        assert caller.post(notes, {"text": "Late."}, key=key).status_code == 500
    assert caller.post(notes, {"text": "Late."}, key=key).status_code == 201
    assert written(caller, notes) == ["Late."]


def raising(error: Exception) -> Callable[..., int]:
    def fail(*_args: object, **_kwargs: object) -> int:
        raise error

    return fail


def test_what_fails_after_the_write_undoes_it(caller: Caller, notes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note is written, then remembering its answer fails: neither stands."""
    key = str(uuid.uuid4())
    with monkeypatch.context() as patched:
        patched.setattr("trustdesk.api.idempotency.keep_reply", raising(RuntimeError("disk full")))
        assert caller.post(notes, {"text": "Whole."}, key=key).status_code == 500
    assert written(caller, notes) == []
    assert caller.post(notes, {"text": "Whole."}, key=key).status_code == 201


def test_the_second_of_two_at_once_is_told_to_wait(
    caller: Caller,
    north: Company,
    notes: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, inside, go_on = str(uuid.uuid4()), threading.Event(), threading.Event()
    real = register.add_note

    def slow(*args: object, **kwargs: object) -> int:
        inside.set()
        go_on.wait(20)
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(register, "add_note", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(caller.post, notes, {"text": "Slow."}, key=key)
        assert inside.wait(20)
        second = caller.post(notes, {"text": "Slow."}, key=key)
        go_on.set()
        done = first.result(20)
    assert (second.status_code, second.json()["code"], second.headers["Retry-After"]) == (409, "in-progress", "1")
    assert done.status_code == 201
    third = caller.post(notes, {"text": "Slow."}, key=key)
    assert (third.content, third.headers[REPLAYED]) == (done.content, "?1")


def test_many_at_once_are_done_once(caller: Caller, notes: str) -> None:
    key = str(uuid.uuid4())
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: caller.post(notes, {"text": "Rush."}, key=key), range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert written(caller, notes) == ["Rush."]


@pytest.mark.parametrize("key", ["", "short", "x" * 129, 'a"b"c"d"e"f', "tab\there-it-is", '"unclosed', "letter-ü-key"])
def test_a_key_must_be_there_and_readable(caller: Caller, notes: str, key: str) -> None:
    headers = {name.encode(): value.encode() for name, value in caller.headers().items()}
    if key:
        headers[b"Idempotency-Key"] = key.encode()
    response = caller.client.post(caller.base + notes, headers=headers, json={"text": "Never."})
    assert (response.status_code, response.json()["code"]) == (400, "bad-header")
    assert response.json()["place"] == "Idempotency-Key"
    assert key == "" or key not in response.text
    assert written(caller, notes) == []


def test_nothing_of_a_person_is_remembered(caller: Caller, north: Company) -> None:
    """Key and body carry a name; the tables of the memory hold neither, in clear or as a plain digest."""
    form = {
        "kind": "person",
        "values": [{"attribute": "name", "text": PERSON}],
        "source_id": north.source,
        "notice": {"kind": "art13", "version": "1", "given_at": clock.rfc3339(clock.now())},
    }
    key = "aino.makela@example.com"
    assert caller.post("/customers", form, key=key.replace("@", "~")).status_code == 201
    context = north.context()
    with raw_pool().connection() as raw, raw.transaction():
        raw.execute("SELECT set_config('trustdesk.scope', %s, true)", [context.scope])
        rows = raw.execute("SELECT r::text FROM mandates_reply r").fetchall()
    assert rows
    for (text,) in rows:
        assert "aino" not in text.lower()
        assert "Mäkelä" not in text


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sends=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=1, max_size=8))
def test_however_often_and_in_whatever_order(caller: Caller, north: Company, sends: list[tuple[int, int]]) -> None:
    """Each key is done once, with the body that came first; the same body replays, another is refused."""
    notes = f"/customers/{to_public(add_customer(north))}/notes"
    run = uuid.uuid4()
    first: dict[int, int] = {}
    for key, body in sends:
        response = caller.post(notes, {"text": f"note {key} {body}"}, key=f"{run}-{key}")
        first.setdefault(key, body)
        assert response.status_code == (201 if first[key] == body else 422)
    assert sorted(written(caller, notes)) == sorted(f"note {key} {body}" for key, body in first.items())
