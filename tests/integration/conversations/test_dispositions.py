"""What a company lets its agents say, queue by queue."""

from datetime import timedelta

import pytest
from django.conf import settings
from tests.companies import NOW, Company
from tests.conversing import QUEUE, call

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import Disposition, Meaning, QueueRules
from trustdesk.kernel.errors import BadInputError

SOLD = Disposition(code="sold", labels={"en": "Sold", "fi": "Myyty"}, meaning=Meaning.DONE)
LATER = Disposition(code="later", labels={"en": "Later"}, meaning=Meaning.AGAIN, after=timedelta(days=3))


def codes(company: Company, queue: str = "") -> list[str]:
    return [one.code for one in conversing.dispositions(company.context(), queue)]


def save(company: Company, *dispositions: Disposition, queue: str = "") -> None:
    conversing.save_dispositions(company.context(), queue=queue, dispositions=dispositions, now=NOW)


def test_the_products_own_count_where_a_company_has_none(north: Company) -> None:
    standard = conversing.standard()
    assert codes(north, QUEUE) == [one.code for one in standard]
    assert {one.meaning for one in standard} == set(Meaning)
    languages = {code for code, _name in settings.LANGUAGES}
    assert all(set(one.labels) == languages for one in standard)


def test_a_queues_own_go_before_those_of_all(north: Company) -> None:
    save(north, SOLD, LATER)
    save(north, LATER, queue="sales")
    assert codes(north, QUEUE) == ["sold", "later"]
    assert codes(north, "sales") == ["later"]
    save(north, queue="sales")
    assert codes(north, "sales") == ["sold", "later"]
    assert conversing.dispositions(north.context())[0].named("fi") == "Myyty"
    assert conversing.dispositions(north.context())[0].named("pl") == "Sold"


def test_what_was_said_stays_when_it_is_retired_and_comes_back(north: Company) -> None:
    save(north, SOLD)
    one = call(north).end()
    conversing.dispose(north.context(), interaction_id=one.interaction_id, disposition="sold", now=NOW)
    save(north, LATER)
    assert codes(north) == ["later"]
    assert conversing.conversation(north.context(), one.id).interactions[0].disposition == "sold"
    save(north, LATER, SOLD)
    assert codes(north) == ["later", "sold"]


@pytest.mark.parametrize(
    "wrong",
    [
        (SOLD, SOLD),
        (Disposition(code="Sold!", labels={"en": "Sold"}, meaning=Meaning.DONE),),
        (Disposition(code="sold", labels={"fi": "Myyty"}, meaning=Meaning.DONE),),
        (Disposition(code="sold", labels={"en": "x" * 81}, meaning=Meaning.DONE),),
        (Disposition(code="sold", labels={"en": "Sold"}, meaning=Meaning.DONE, after=timedelta(days=1)),),
        (Disposition(code="later", labels={"en": "Later"}, meaning=Meaning.AGAIN, after=timedelta(days=-1)),),
    ],
)
def test_what_can_not_be_is_refused(north: Company, wrong: tuple[Disposition, ...]) -> None:
    with pytest.raises(BadInputError):
        save(north, *wrong)


def test_rules_of_a_queue_go_before_those_of_all(north: Company) -> None:
    context = north.context()
    assert conversing.queue_rules(context, QUEUE) == QueueRules(queue=QUEUE)
    conversing.save_queue_rules(context, rules=QueueRules(keep_days=30), now=NOW)
    conversing.save_queue_rules(context, rules=QueueRules(queue="sales", keep_days=60, sector="bank"), now=NOW)
    assert conversing.queue_rules(context, QUEUE).keep_days == 30
    assert conversing.queue_rules(context, "sales").sector == "bank"
    with pytest.raises(BadInputError):
        conversing.save_queue_rules(context, rules=QueueRules(keep_days=0), now=NOW)
