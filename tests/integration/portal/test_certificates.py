"""The customer's own way to the certificate: a code, shown once, and a link that later knows nobody."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.integration.delivery.posting import Company
from tests.integration.portal.visiting import inside
from tests.surfaces import content

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, PlanState
from trustdesk.kernel import clock
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import NOT_YOURS, SELF_CONSISTENT

ADDRESS = "aino@example.com"
CODE = re.compile(r"<strong>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){6})</strong>")
LINK = re.compile(r'href="http://testserver(/my/\d+/certificate/[^"]+/)"')


def planned(company: Company) -> int:
    """The customer's erasure, ready to be approved."""
    customer_id = (company.people[0] if company.people else company.person(ADDRESS)).customer_id
    plan = erasure.draw(company.context(), customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())
    erasure.carry_out(company.context(), plan_id=plan.plan_id, now=clock.now())
    return plan.plan_id


def handed(company: Company, browser: Client) -> tuple[str, str]:
    answer = browser.post(f"/my/{company.id}/erasure/code/")
    assert answer.status_code == 200, answer.content.decode()
    text = answer.content.decode()
    code, link = CODE.search(text), LINK.search(text)
    assert code is not None
    assert link is not None
    return code[1], link[1]


def test_a_code_once_and_a_certificate_later(company: Company) -> None:
    plan_id = planned(company)
    browser = inside(company, ADDRESS)
    assert "Show my code, once" in browser.get(f"/my/{company.id}/erasure/code/").content.decode()
    code, link = handed(company, browser)
    again = browser.post(f"/my/{company.id}/erasure/code/")
    assert again.status_code == 409
    assert CODE.search(again.content.decode()) is None
    stranger = Client()
    assert "Not yet" in stranger.get(link).content.decode()
    assert stranger.get(f"{link}json/").status_code == 404
    erasure.approve(company.context(), plan_id=plan_id, now=clock.now())
    done = erasure.carry_out(company.context(), plan_id=plan_id, now=clock.now() + timedelta(minutes=11))
    assert done.state is PlanState.DONE
    text = stranger.get(link).content.decode()
    assert "verify-certificate" in text
    assert ADDRESS not in text
    given = content(stranger.get(f"{link}json/"))
    assert proof.verify(given, mine=ADDRESS, code=code).code == SELF_CONSISTENT
    assert proof.verify(given, mine="other@example.com", code=code).code == NOT_YOURS
    assert content(stranger.get(f"{link}pdf/")).startswith(b"%PDF")
    assert stranger.get(f"{link}exe/").status_code == 404


def test_who_is_not_being_erased_gets_no_code(company: Company) -> None:
    company.person(ADDRESS)
    browser = inside(company, ADDRESS)
    answer = browser.post(f"/my/{company.id}/erasure/code/")
    assert answer.status_code == 404
    assert "Nothing of this customer is being erased" in answer.content.decode()


def test_a_stranger_is_led_to_the_start(company: Company) -> None:
    planned(company)
    for method in ("get", "post"):
        answer = getattr(Client(), method)(f"/my/{company.id}/erasure/code/")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/my/{company.id}/"


@pytest.mark.parametrize("path", ["certificate/nothing/", "certificate/nothing/json/"])
def test_a_link_to_nothing_says_so(company: Company, path: str) -> None:
    answer = Client().get(f"/my/{company.id}/{path}")
    assert answer.status_code == 404
    assert answer.headers.get("Cache-Control", "no-store") == "no-store"
