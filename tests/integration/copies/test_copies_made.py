"""A copy is made by a job, sealed under a key of its own, in every form; killed at any place it begins anew."""

import hashlib
import json
from typing import Any

import pytest
from tests.integration.copies.copying import made, office, opened, ordered, person
from tests.integration.delivery.posting import Company

from trustdesk.copies import api as copies
from trustdesk.copies import places, tasks
from trustdesk.copies.contracts import State
from trustdesk.copies.services import making, ordering
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.register import api as register


def test_a_copy_has_every_form_and_a_manifest(company: Company) -> None:
    aino = person(company, given_name="Aino", family_name="Mäkelä", phone="+358401234567", email="aino@example.com")
    register.add_note(company.context(), customer_id=aino, text="Soita Ainolle huomenna.", now=clock.now())
    view = made(company, aino, language="fi")
    assert view.state is State.READY
    assert view.progress == 1.0
    found = opened(company, view.copy_id)
    assert {"copy.html", "copy.pdf", "copy.json", "copy.schema.json", "tables/value.csv"} < found.files.keys()
    manifest = json.loads(found.files["manifest.json"])
    assert {one["name"] for one in manifest["files"]} == found.files.keys() - {"manifest.json"}
    for one in manifest["files"]:
        data = found.files[one["name"]]
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one["size"], one["sha256"])
    assert "Soita Ainolle huomenna." in found.page
    assert found.files["copy.pdf"].startswith(b"%PDF")
    assert 'lang="fi"' in found.page


def test_killed_at_any_place_it_begins_anew_and_leaves_nothing_behind(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    aino = person(company, name="Aino Mäkelä")
    order = ordered(company, aino)

    class KilledError(BaseException):
        """As a process that is gone: nothing of ours runs after it."""

    def killed(*_given: object, **_named: object) -> None:
        raise KilledError

    monkeypatch.setattr(making, "_fail", lambda *_given: None)
    for place in ("gathered", "information", "packed", "seal_file", "_ready"):  # the last: sealed, and not said yet
        with monkeypatch.context() as patched:
            patched.setattr(making, place, killed)
            with pytest.raises(KilledError):
                tasks.make(controller_id=company.id, copy_id=order.copy_id)
        assert copies.copy(office(company), order.copy_id).state is State.MAKING
    assert len(places.files_of(company.id)) == 1
    assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "ready"
    assert len(places.files_of(company.id)) == 1
    assert "Aino Mäkelä" in opened(company, order.copy_id).everything()
    assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "nothing to make"


def test_what_fails_says_so_and_can_be_ordered_again(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    aino = person(company, name="Aino Mäkelä")
    order = ordered(company, aino)
    assert ordered(company, aino).copy_id == order.copy_id  # one at a time

    def refused(*_given: object, **_named: object) -> None:
        raise RefusedError("no", place="test")

    with monkeypatch.context() as patched:
        patched.setattr(making, "gathered", refused)
        assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "failed"
    failed = copies.copy(office(company), order.copy_id)
    assert (failed.state, failed.reason) == (State.FAILED, "refused")
    assert places.files_of(company.id) == []
    assert made(company, aino).state is State.READY


def test_a_copy_that_was_ended_while_it_was_made_is_destroyed(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    aino = person(company, name="Aino Mäkelä")
    order = ordered(company, aino)
    whole = making.seal_file  # type: ignore[attr-defined]  # where it is called

    def sealed_and_ended(context: AccessContext, **given: Any) -> object:  # noqa: ANN401
        copies.destroy(office(company), copy_id=order.copy_id, now=clock.now())
        return whole(context, **given)

    monkeypatch.setattr(making, "seal_file", sealed_and_ended)
    tasks.make(controller_id=company.id, copy_id=order.copy_id)
    assert copies.copy(office(company), order.copy_id).state is State.DESTROYED
    ordering.sweep(office(company), now=clock.now())
    assert places.files_of(company.id) == []
