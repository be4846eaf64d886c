"""Sealed values open where they were sealed, for whom they were sealed, and after the journal's entry."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from tests.integration.vault.conftest import PLACE, Company, Recording, opened, sealed

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError, SealBrokenError
from trustdesk.vault import api as vault
from trustdesk.vault.services import keyring, opening, terms
from trustdesk.vault.services.root import FileRootKey


def rows(context: AccessContext) -> int:
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vault_data_key")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("text", ["", "Kovács János", "a\0b", "\ud800", "𝄞" * 1000])
def test_what_is_sealed_opens(context: AccessContext, text: str) -> None:
    box = sealed(context, text)
    assert text.encode("utf-8", "surrogatepass") not in box.box or not text
    assert opened(context, box) == [text]


Move = Callable[[vault.SealedBox], vault.SealedBox]


def _to(**changes: object) -> Move:
    return lambda box: box._replace(place=box.place._replace(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "move",
    [
        _to(row=2),
        _to(column="other"),
        _to(table="register_note"),
        _to(version=2),
        lambda box: box._replace(customer_id=2),
        lambda box: box._replace(retention_class="proof"),
        lambda box: box._replace(box=box.box[:-1] + bytes([box.box[-1] ^ 1])),
    ],
    ids=["row", "column", "table", "version", "customer", "class", "altered"],
)
def test_a_value_moved_elsewhere_refuses_to_open(context: AccessContext, move: Move) -> None:
    box = sealed(context, "secret")
    sealed(context, "another customer's", customer_id=2)
    sealed(context, "another class", retention="proof")
    with pytest.raises(SealBrokenError):
        opened(context, move(box))


def test_a_value_moved_to_another_controller_refuses_to_open(company: Company) -> None:
    one, other = company(), company()
    box = sealed(one, "secret")
    sealed(other, "of the same customer number")
    with pytest.raises(SealBrokenError):
        opened(other, box)


def test_two_values_of_a_customer_that_changed_places_refuse_to_open(context: AccessContext) -> None:
    with vault.Sealer(context) as sealer:
        first = sealer.seal(1, "service", PLACE._replace(row=1), "+36 30 123 4567")
    with pytest.raises(SealBrokenError):
        opened(context, vault.SealedBox(1, "service", PLACE._replace(row=2), first))


def test_another_controllers_scope_sees_no_keys(company: Company) -> None:
    one, other = company(), company()
    box = sealed(one, "secret")
    assert rows(other) == 0
    with pytest.raises(SealBrokenError):
        opened(replace(one, scope=other.scope), box)


def test_the_entry_is_written_before_anything_opens(
    context: AccessContext,
    journal: Recording,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box = sealed(context, "secret")

    def refuse(context: AccessContext, named: Opening) -> None:
        raise ConnectionError("the log can't be written")

    monkeypatch.setattr(journal, "opening", refuse)
    monkeypatch.setattr(opening, "unwrapped", lambda *_args: pytest.fail("opened before the entry"))
    with pytest.raises(ConnectionError):
        opened(context, box)


def test_the_entry_stands_when_the_request_fails_after_opening(context: AccessContext, journal: Recording) -> None:
    box = sealed(context, "secret")

    def request() -> None:
        with scoped(context.scope):
            assert opened(context, box) == ["secret"]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        request()
    [opening] = journal.named("opening")
    assert isinstance(opening, Opening)
    assert list(opening.subjects) == [1]


def test_the_entry_stands_when_nothing_opens(context: AccessContext, journal: Recording) -> None:
    with pytest.raises(SealBrokenError):
        opened(context, vault.SealedBox(9, "service", PLACE, b"\x01" + bytes(40)))
    assert vault.open_many(context, opening=Opening("search", (), ()), boxes=[]) == []
    assert len(journal.named("opening")) == 2


def test_an_opening_names_everybody_it_opens(context: AccessContext, journal: Recording) -> None:
    box = sealed(context, "secret")
    with pytest.raises(ValueError, match="names every customer"):
        vault.open_many(context, opening=Opening("test", (2,), ()), boxes=[box])
    assert journal.named("opening") == []


def test_many_are_sealed_with_one_key_a_customer_and_class(context: AccessContext) -> None:
    with vault.Sealer(context) as sealer:
        sealer.prepare(range(100, 400))
        boxes = [
            vault.SealedBox(customer, retention, PLACE, sealer.seal(customer, retention, PLACE, f"{customer}"))
            for customer in range(100, 400)
            for retention in ("service", "service", "proof", "statutory:hu-accounting-8y")
        ]
    assert rows(context) == 300 * 3
    assert opened(context, *boxes) == [str(box.customer_id) for box in boxes]


def test_a_value_added_later_has_the_same_key(context: AccessContext) -> None:
    first, second = sealed(context, "first"), sealed(context, "second")
    assert rows(context) == 1
    assert opened(context, first, second) == ["first", "second"]


def test_a_failed_block_leaves_no_keys(context: AccessContext) -> None:
    def write() -> None:
        with vault.Sealer(context) as sealer:
            sealer.seal(1, "service", PLACE, "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert rows(context) == 0


def test_sealing_outside_a_block_is_refused(context: AccessContext) -> None:
    with pytest.raises(RuntimeError, match="context manager"):
        vault.Sealer(context).seal(1, "service", PLACE, "x")


def test_an_unknown_retention_class_is_refused(context: AccessContext) -> None:
    with pytest.raises(BadInputError), vault.Sealer(context) as sealer:
        sealer.seal(1, "for ever", PLACE, "x")


def test_two_who_make_the_same_key_do_not_lose_a_value(context: AccessContext) -> None:
    late = vault.Sealer(context).__enter__()
    late.seal(1, "service", PLACE, "late")
    box = sealed(context, "early")
    with pytest.raises(ConflictError):
        late.flush()
    assert opened(context, box) == ["early"]


def test_a_destroyed_class_does_not_open_and_is_not_written_again(context: AccessContext, journal: Recording) -> None:
    service, proof = sealed(context, "service"), sealed(context, "proof", retention="proof")
    assert vault.destroy(context, 1, "service", now=clock.now()) == 1
    assert opened(context, service, proof) == [None, "proof"]
    assert vault.destroy(context, 1, "service", now=clock.now()) == 0
    assert vault.destroy(context, 5, "service", now=clock.now()) == 0
    assert journal.named("vault.key.destroyed") == [((1,), {"keys": 1, "classes": ["service"]})]
    with pytest.raises(RefusedError):
        sealed(context, "again")


def test_keys_of_many_are_destroyed_in_one_entry_and_those_not_named_stay(
    context: AccessContext, journal: Recording
) -> None:
    with vault.Sealer(context) as sealer:
        for customer_id, retention_class in ((7, "service"), (7, "proof"), (8, "service"), (9, "service")):
            sealer.seal(customer_id, retention_class, PLACE, "x")
    going = [(7, "service"), (8, "service"), (7, "service"), (8, "proof")]
    assert vault.destroy_many(context, going, now=clock.now()) == 2
    assert vault.living_classes(context, [7, 8, 9]) == [(7, "proof"), (9, "service")]
    assert vault.count_keys(context, [(7, 8), (9,), (10,)]) == [
        {"living": 1, "destroyed": 2},
        {"living": 1, "destroyed": 0},
        {"living": 0, "destroyed": 0},
    ]
    assert vault.destroy_many(context, [], now=clock.now()) == 0
    assert journal.named("vault.key.destroyed") == [((7, 8), {"keys": 2, "classes": ["service"]})]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault_data_key SET wrapped = '\\x00', destroyed_at = NULL",
        "UPDATE vault_data_key SET destroyed_at = now()",
        "DELETE FROM vault_data_key",
        "TRUNCATE vault_data_key",
    ],
)
def test_a_destroyed_key_comes_back_by_no_statement(context: AccessContext, statement: str) -> None:
    sealed(context, "x")
    vault.destroy(context, 1, "service", now=clock.now())
    with (
        pytest.raises(Exception, match=r"stays destroyed|permission denied"),
        scoped(context.scope),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_company_without_keys_is_told_so(context: AccessContext, company: Company) -> None:
    bare = replace(company(), controller_id=2_000_000_000)
    with pytest.raises(ConflictError):
        vault.Tokeniser(bare)


def test_another_root_key_is_named_and_opens_nothing(
    context: AccessContext,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    box = sealed(context, "x")
    (tmp_path / "root.key").write_bytes(bytes(32))
    other = FileRootKey(tmp_path / "root.key")
    monkeypatch.setattr(keyring, "provider", lambda: other)
    keyring.forget()
    with pytest.raises(ConflictError, match="root key"):
        opened(context, box)
    monkeypatch.undo()
    keyring.forget()
    assert opened(context, box) == ["x"]


def test_provisioning_twice_changes_nothing(context: AccessContext) -> None:
    box = sealed(context, "x")
    tokens = vault.Tokeniser(context).index_tokens("name", "Kovács", country="HU")
    vault.provision_controller(context, now=clock.now())
    assert opened(context, box) == ["x"]
    assert vault.Tokeniser(context).index_tokens("name", "Kovács", country="HU") == tokens


def test_tokens_of_two_controllers_never_meet(company: Company) -> None:
    one, other = (set(vault.Tokeniser(company()).index_tokens("name", "Kovács", country="HU")) for _ in range(2))
    assert not one & other


def test_a_digest_is_of_no_edition(context: AccessContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it stands for is gone: it must be the same in every version of the program."""
    first = vault.Tokeniser(context).digest("row0a")
    assert first == keyring.ring(context).search.token("external_id.whole/1", "row0a")
    monkeypatch.setitem(terms.FINDERS["external_id"], 2, terms.FINDERS["external_id"][1])
    monkeypatch.setitem(terms.EDITIONS, 2, {**terms.EDITIONS[1], "external_id": 2})
    assert list(vault.token_editions()) == [1, 2]
    assert vault.Tokeniser(context).digest("row0a") == first
    now, before = (vault.Tokeniser(context, edition=edition) for edition in (2, 1))
    assert not set(now.index_tokens("external_id", "A1", country="")) & set(
        before.index_tokens("external_id", "A1", country=""),
    )
    assert now.index_tokens("name", "Kovács", country="") == before.index_tokens("name", "Kovács", country="")


def test_query_and_match_tokens_are_among_the_stored(context: AccessContext) -> None:
    tokeniser = vault.Tokeniser(context)
    stored = set(tokeniser.index_tokens("name", "Kovács Jánosné", country="HU"))
    assert set(tokeniser.query_tokens("name", "jan kovacs", country="HU")) < stored
    assert set(tokeniser.match_tokens("name", "KOVÁCS JÁNOS", country="HU")) < stored
    assert not set(tokeniser.match_tokens("name", "kov", country="HU")) & stored


def test_a_key_of_no_customer_is_wrapped_for_its_label() -> None:
    box = vault.root_wrap(b"k" * 32, label="audit 0 2026-11")
    assert vault.root_unwrap(box, label="audit 0 2026-11") == b"k" * 32
    with pytest.raises(SealBrokenError):
        vault.root_unwrap(box, label="audit 0 2026-12")
