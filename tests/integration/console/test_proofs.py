"""Proofs at the console: progress, what was found and who decides it, the certificate; and nothing for anybody else."""

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from tests.proving import SOON, Proving, at_north, in_an_export
from tests.surfaces import content, seated
from tests.world import World

from trustdesk.erasure.contracts import PlanState
from trustdesk.kernel import clock
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import SELF_CONSISTENT


@pytest.fixture
def found(committed: World) -> Iterator[Proving]:
    """An erasure of which a line in a list was left."""
    proving = at_north(committed)
    with in_an_export(proving):
        proving.erase()
        yield proving


@pytest.fixture
def officer(committed: World) -> Client:
    return seated(committed.officer_north, committed.north)


def page(client: Client, name: str, *ids: int) -> str:
    answer = client.get(reverse(f"console:{name}", args=ids))
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def test_what_was_found_is_shown_with_what_stands_around_it(found: Proving, officer: Client) -> None:
    assert "Somebody has to decide" in page(officer, "proofs")
    text = page(officer, "proof", found.plan_id)
    assert found.number in text
    assert "home.exports" in text
    assert "It may stay" in text


def test_what_still_stands_there_is_not_cleared(found: Proving, officer: Client) -> None:
    [hit] = found.hits()
    address = reverse("console:clear-hit", args=[found.plan_id, hit.hit_id])
    answer = officer.post(address, follow=True)
    assert "It still stands there" in answer.content.decode()
    assert len(found.hits()) == 1


def test_it_may_stay_by_a_law_and_the_certificate_says_so(found: Proving, officer: Client) -> None:
    [hit] = found.hits()
    address = reverse("console:justify-hit", args=[found.plan_id, hit.hit_id])
    wrong = officer.post(address, {f"{hit.hit_id}-reason": found.name, f"{hit.hit_id}-law": "Ptk. 6:1"})
    assert wrong.status_code == 422
    assert "This names the person" in wrong.content.decode()
    assert officer.post(address, {f"{hit.hit_id}-reason": "", f"{hit.hit_id}-law": ""}).status_code == 422
    said = {f"{hit.hit_id}-reason": "a contract that is being fulfilled", f"{hit.hit_id}-law": "Ptk. 6:1"}
    assert officer.post(address, said).status_code == 302
    assert found.carry_out(later=SOON).state is PlanState.DONE
    text = page(officer, "proof", found.plan_id)
    assert "a contract that is being fulfilled" in text
    assert found.number not in text
    assert "Certificate, to verify" in text
    given = officer.get(reverse("console:certificate", args=[found.plan_id]))
    assert proof.verify(content(given)).code == SELF_CONSISTENT
    laws = json.loads(content(given))["certificate"]["scan"]["hits"]["laws"]
    assert laws == [{"law": "Ptk. 6:1", "count": 1}]
    paper = officer.get(reverse("console:certificate-paper", args=[found.plan_id]))
    assert content(paper).startswith(b"%PDF")


def test_progress_comes_as_a_fragment(found: Proving, officer: Client) -> None:
    answer = officer.get(reverse("console:proof", args=[found.plan_id]), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "Looked through" in text


@pytest.mark.parametrize("who", ["agent_north", "supervisor_north", "officer_south"])
def test_nobody_else_sees_or_decides(found: Proving, committed: World, who: str) -> None:
    person = committed.people[who]
    company = committed.south if who.endswith("south") else committed.north
    client = seated(person, company)
    [hit] = found.hits()
    for name in ("proof", "certificate", "certificate-paper"):
        answer = client.get(reverse(f"console:{name}", args=[found.plan_id]))
        assert answer.status_code in {403, 404}
        assert found.name not in answer.content.decode()
    for name in ("clear-hit", "justify-hit"):
        said = {f"{hit.hit_id}-reason": "x", f"{hit.hit_id}-law": "y"}
        answer = client.post(reverse(f"console:{name}", args=[found.plan_id, hit.hit_id]), said)
        assert answer.status_code in {403, 404}
    assert [one.hit_id for one in found.hits()] == [hit.hit_id]


def test_the_clients_reader_takes_the_certificate_and_sees_no_hit(committed: World) -> None:
    """It names nobody, so whoever may read the log may have it."""
    proving = at_north(committed)
    assert proving.erase().state is PlanState.DONE
    client = seated(committed.client_north, committed.north)
    assert client.get(reverse("console:certificate", args=[proving.plan_id])).status_code == 200
    assert client.get(reverse("console:proof", args=[proving.plan_id])).status_code == 403
    assert clock.now() > proof.certificate(proving.context, proving.plan_id).issued_at
