"""The code that the person is handed once, and what is in a certificate that names nobody."""

import json
from dataclasses import replace

import pytest
from tests.proving import SOON, Proving, in_an_export

from trustdesk.design.erasing import deleted_label
from trustdesk.erasure.contracts import PlanState
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import AGREES, NOT_YOURS, SearchState
from trustdesk.proof.people import known
from trustdesk.scan.api import Automaton, find, variants
from trustdesk.scan.contracts import Strength


def test_the_person_knows_the_certificate_again(proving: Proving) -> None:
    proving.draw()
    handed = proof.hand_out(proving.context, customer_id=proving.customer_id, now=clock.now())
    assert proof.certificate_by_link(proving.company.controller_id, token=handed.token, now=clock.now()) is None
    proving.approve()
    assert proving.carry_out().state is PlanState.DONE
    proving.sign_log()
    found = proof.certificate_by_link(proving.company.controller_id, token=handed.token, now=clock.now())
    assert found is not None
    family, given = proving.name.split()
    for mine in (proving.name, f"{given.upper()} {family}", proving.phone, proving.email):
        assert proof.verify(found.document, key=proving.key_of_log, mine=mine, code=handed.code).code == AGREES
    assert proof.verify(found.document, mine="Somebody Else", code=handed.code).code == NOT_YOURS


def test_it_is_handed_out_once(proving: Proving) -> None:
    proving.draw()
    proof.hand_out(proving.context, customer_id=proving.customer_id, now=clock.now())
    with pytest.raises(ConflictError):
        proof.hand_out(proving.context, customer_id=proving.customer_id, now=clock.now())


def test_nobody_keeps_it(proving: Proving) -> None:
    """Neither the code nor the link stands in any table, and what is sealed does not hold them either."""
    proving.draw()
    handed = proof.hand_out(proving.context, customer_id=proving.customer_id, now=clock.now())
    [row] = proving.run("SELECT * FROM proof_search WHERE plan_id = %s", proving.plan_id)
    shown = repr(row) + repr(handed)
    assert handed.token not in shown
    assert handed.code not in shown


def test_a_stranger_is_handed_nothing(proving: Proving, neighbor: Proving) -> None:
    with pytest.raises(NotFoundError):  # nothing is being erased
        proof.hand_out(proving.context, customer_id=proving.customer_id, now=clock.now())
    proving.draw()
    with pytest.raises(NotFoundError):
        proof.hand_out(neighbor.context, customer_id=proving.customer_id, now=clock.now())
    bare = replace(proving.context, operations=frozenset())
    for refused in (
        lambda: proof.hand_out(bare, customer_id=proving.customer_id, now=clock.now()),
        lambda: proof.search(bare, proving.plan_id),
        lambda: proof.searches(bare),
        lambda: proof.hits(bare, proving.plan_id),
        lambda: proof.clear(bare, hit_id=1, now=clock.now()),
        lambda: proof.justify(bare, hit_id=1, reason="x", law="y", now=clock.now()),
        lambda: proof.certificate(bare, proving.plan_id),
        lambda: proof.certificates(bare),
    ):
        with pytest.raises(RefusedError):
            refused()


@pytest.mark.parametrize("token", ["", "x", "a" * 32])
def test_a_link_that_leads_nowhere(proving: Proving, neighbor: Proving, token: str) -> None:
    with pytest.raises(NotFoundError):
        proof.certificate_by_link(proving.company.controller_id, token=token, now=clock.now())
    proving.draw()
    handed = proof.hand_out(proving.context, customer_id=proving.customer_id, now=clock.now())
    with pytest.raises(NotFoundError):  # another company's page
        proof.certificate_by_link(neighbor.company.controller_id, token=handed.token, now=clock.now())


def test_nothing_in_it_names_the_person(proving: Proving) -> None:
    """Every spelling of the person is looked for in it, the weak ones too."""
    person = known(proving.context, [[proving.customer_id]], now=clock.now())[0].person
    every = Automaton.of(one._replace(strength=Strength.ALONE) for one in variants(person))
    with in_an_export(proving):
        proving.draw()
        handed = proof.hand_out(proving.context, customer_id=proving.customer_id, now=clock.now())
        proving.approve()
        proving.carry_out()
        [hit] = proving.hits()
        proof.justify(proving.context, hit_id=hit.hit_id, reason="a contract", law="Ptk. 6:1", now=clock.now())
    assert proving.carry_out(later=SOON).state is PlanState.DONE
    found = proof.certificate(proving.context, proving.plan_id)
    said = json.dumps(json.loads(found.document)["certificate"], ensure_ascii=False)
    assert find(every, said) == []
    assert str(proving.customer_id) not in said
    assert handed.code not in said
    [row] = proving.run(
        "SELECT s.*, f.* FROM proof_search s JOIN proof_found f ON f.search_id = s.id"
        " AND f.controller_id = s.controller_id WHERE s.plan_id = %s",
        proving.plan_id,
    )
    assert find(every, " ".join(map(str, row))) == []


def test_the_key_of_what_was_looked_for_dies_with_it(proving: Proving) -> None:
    proving.erase()
    assert proving.search().state is SearchState.PROVED
    [(sought, gone)] = proving.run(
        "SELECT s.sought, k.wrapped FROM proof_search s JOIN vault_data_key k ON k.controller_id = s.controller_id"
        " AND k.customer_id = s.id WHERE s.plan_id = %s",
        proving.plan_id,
    )
    assert (sought, gone) == (None, None)


def test_a_certificate_is_never_changed(proving: Proving) -> None:
    proving.erase()
    for statement in ("UPDATE proof_certificate SET text = ''", "DELETE FROM proof_certificate"):
        with pytest.raises(Exception, match="permission denied"):
            proving.run(f"{statement} WHERE plan_id = %s", proving.plan_id)


@pytest.mark.parametrize("language", ["en", "hu", "fi", "pl", "de"])
def test_it_is_printed(proving: Proving, language: str) -> None:
    proving.erase()
    found = proof.certificate(proving.context, proving.plan_id)
    content = proof.printed(found, language=language, words=deleted_label)
    assert content.startswith(b"%PDF")
    assert b"DejaVuSans" in content
